"""From takes to an adapter that replays them: what it keeps, how it acts, what it refuses."""

from pathlib import Path

import pytest
from drawn_takes import draw_take
from numpy.testing import assert_allclose

from teachloop.datasets.takes.reader import Take
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobFolder, submit
from teachloop.training.adapters.registry import get_adapter
from teachloop.training.finetuning import finetune
from teachloop.training.grounded.base import save_base
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.grounded.lora import AdapterDoesNotFit
from teachloop.training.grounded.policy import GroundedPolicy
from teachloop.training.grounded.replay.demonstration import (
    PATHS,
    WORDS,
    NotReplayable,
    read,
)
from teachloop.training.grounded.replay.memorise import NothingToReplay
from teachloop.training.policies.registry import open_policy


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path / "data", "finetune", JobConfig())


def memorised(job: JobFolder, base: Path, *takes: str) -> Path:
    config = FinetuneConfig(takes=takes, base=str(base), preset="replay", threads=1)
    return Path(finetune(job, config).folder)


def test_an_adapter_keeps_the_way_and_the_place_of_each_take(
    tiny_base: Path, job: JobFolder
) -> None:
    takes = [draw_take(job.data, name) for name in ("one", "two")]
    folder = memorised(job, tiny_base, *takes)
    first, _ = read(folder)
    with Take.open(job.data / "takes" / "one") as take:
        applied = take.actions.applied_pose
    assert_allclose(first.poses, applied[: len(first.poses)], atol=1e-6)
    assert_allclose(
        applied[len(first.poses) :], applied[-1:].repeat(len(applied) - len(first.poses), 0)
    )
    assert "red square" in first.names
    assert [take.id for take in get_adapter(job.data, folder.name).card.takes] == takes
    assert job.status.result["adapter"] == folder.name


def test_a_take_without_a_mask_at_its_beginning_is_left_out_and_alone_refused(
    tiny_base: Path, job: JobFolder
) -> None:
    drawn, bare = draw_take(job.data, "drawn"), draw_take(job.data, "bare", labeled=False)
    assert len(read(memorised(job, tiny_base, drawn, bare))) == 1
    with pytest.raises(NothingToReplay, match="Label it in the first frame"):
        memorised(submit(job.data, "finetune", JobConfig()), tiny_base, bare)


@pytest.mark.parametrize("name", [WORDS, PATHS])
@pytest.mark.parametrize("content", [b"", b"{}", b"\x08\0\0\0\0\0\0\0{}      "])
def test_what_is_damaged_is_refused_in_words(
    tiny_base: Path, job: JobFolder, name: str, content: bytes
) -> None:
    folder = memorised(job, tiny_base, draw_take(job.data, "one"))
    (folder / name).write_bytes(content)
    with pytest.raises(NotReplayable, match="replays cannot be read"):
        open_policy(str(tiny_base), folder)


def test_another_base_is_refused(
    tmp_path: Path, tiny_policy: GroundedPolicy, tiny_base: Path, job: JobFolder
) -> None:
    folder = memorised(job, tiny_base, draw_take(job.data, "one"))
    tiny_policy.contrast.weight.data += 1
    save_base(tiny_policy, tmp_path / "other")
    with pytest.raises(AdapterDoesNotFit):
        open_policy(str(tmp_path / "other"), folder)
