"""Fine-tuning as a job: from recorded takes to an adapter, cancelled, resumed, refused."""

import time
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_takes import TICKS, draw_take

from teachloop.datasets.errors import TakeRefused
from teachloop.datasets.labels.edits import SetInstruction, SetMask
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.takes.check import require_usable
from teachloop.datasets.takes.checksum import write_checksum
from teachloop.geometry.poses import apply_delta
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobCancelled, JobFolder, JobTerminated, submit
from teachloop.jobs.metrics import Figure
from teachloop.simulation.rollout import rollout
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.views import USUAL
from teachloop.simulation.world import World
from teachloop.training.adapters.registry import get_adapter, list_adapters
from teachloop.training.data.samples import Sampling
from teachloop.training.data.takes import (
    NothingToLearn,
    OtherCameras,
    read_take,
)
from teachloop.training.finetuning import finetune as finetune_as_job
from teachloop.training.grounded.agent import PolicyAgent
from teachloop.training.grounded.base import load_base, save_base
from teachloop.training.grounded.finetune import finetune
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.grounded.lora import load_policy
from teachloop.training.grounded.policy import GroundedPolicy
from teachloop.training.grounded.stage_runner import StageRunner
from teachloop.training.grounded.stages import Ends, Stage
from teachloop.training.policies.interface import StoppedLearning

EVERY_TICK = Sampling(cameras=("front", "wrist"), image_size=32, chunk=4)


def config(base: Path, *takes: str) -> FinetuneConfig:
    return FinetuneConfig(
        takes=takes, base=str(base), preset="tiny", lora_rank=2, threads=1, stride=1
    )


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path / "data", "finetune", JobConfig())


def test_a_take_becomes_samples_whose_offsets_give_back_the_applied_targets(tmp_path: Path) -> None:
    draw_take(tmp_path, "one")
    samples = read_take(tmp_path / "takes" / "one", EVERY_TICK)
    assert len(samples) == TICKS
    position = samples.proprioception[3, :3]
    offset = samples.offsets[3, 2]
    np.testing.assert_allclose(position + offset[:3], [0.5, 0.01 * (3 + 2 + 1), 0.1], atol=1e-5)
    pose = np.eye(4)
    np.testing.assert_allclose(apply_delta(pose, offset)[:3, :3], np.eye(3), atol=1e-6)
    assert samples.episodes[0].objects == ("red square",)
    assert (samples.masks[0, 0] == 1).sum() > 20


def test_a_job_leaves_an_adapter_that_acts_differently_from_its_base(
    tmp_path: Path, tiny_base: Path, job: JobFolder
) -> None:
    takes = [draw_take(job.data, name) for name in ("one", "two")]
    folder = finetune(config(tiny_base, *takes), job)
    adapter = list_adapters(job.data)[0]
    assert adapter.path == folder
    assert [take.id for take in adapter.card.takes] == takes
    tuned, base = load_policy(str(tiny_base), folder), load_base(str(tiny_base))
    difference = (tuned.head.leave.weight - base.head.leave.weight).abs().max()
    assert difference > 1e-4
    assert {row["stage"] for row in job.metrics() if "step" in row} == {"look", "act"}
    assert (job.path / "grounding.jpg").stat().st_size > 1000
    assert job.status.progress == pytest.approx(1.0)


def test_a_fine_tuning_reads_anew(
    tmp_path: Path, tiny_policy: GroundedPolicy, job: JobFolder
) -> None:
    with torch.no_grad():
        tiny_policy.head.read.leave.narrow.bias.fill_(30.0)
    save_base(tiny_policy, tmp_path / "settled")
    base = str(tmp_path / "settled")
    folder = finetune(config(Path(base), draw_take(job.data, "one")), job)
    assert load_policy(base, folder).head.read.leave.narrow.bias.abs().max() < 5


def test_a_cancelled_job_goes_on_and_ends_as_if_it_had_not_been_cancelled(
    tmp_path: Path, tiny_base: Path, job: JobFolder
) -> None:
    settings = config(tiny_base, draw_take(job.data, "one"))
    whole = finetune(settings, job)
    other = submit(job.data, "finetune", JobConfig())
    (other.path / "cancel").touch()
    with pytest.raises(JobCancelled):
        finetune(settings, other)
    (other.path / "cancel").unlink()
    resumed = finetune(settings, other)
    first, second = (load_policy(str(tiny_base), folder) for folder in (whole, resumed))
    for name, value in first.state_dict().items():
        torch.testing.assert_close(second.state_dict()[name], value, msg=name)


LOOK = Stage(
    name="look", trains=("encoder", "grounding"), data="frames", objectives={"grounding": 1.0},
    ends=Ends(steps=40), batch=2, rate=1e-3,
)  # fmt: skip
ACT = Stage(
    name="act", trains=("head",), data="features", objectives={"cloning": 1.0},
    ends=Ends(steps=230), batch=8, rate=1e-3,
)  # fmt: skip


def two_stages(base: Path, job: JobFolder) -> FinetuneConfig:
    """Of a take of the job's data."""
    plain = config(base, draw_take(job.data, "one"))
    return plain.model_copy(update={"preset": "custom", "stages": (LOOK, ACT)})


class CancelledJob(JobFolder):
    """A job that is cancelled once it has told of a step of a stage."""

    def __init__(self, path: Path, stage: str, step: int) -> None:
        super().__init__(path)
        self.when = {"stage": stage, "step": step}

    def append_metrics(self, **values: Figure) -> None:
        super().append_metrics(**values)
        if self.when.items() <= values.items():
            self.cancel()
            (self.path / "cancel").touch()


def losses(job: JobFolder) -> dict[tuple[object, object], dict[str, float]]:
    """Of each step; of one that was made twice, those of the second time."""
    return {
        (row["stage"], row["step"]): {k: v for k, v in row.items() if isinstance(v, float)}
        for row in job.metrics()
        if "step" in row
    }


@pytest.mark.parametrize(("stage", "step"), [("look", 31), ("act", 0), ("act", 150)])
def test_a_job_that_was_stopped_at_any_step_ends_with_the_losses_of_an_unbroken_one(
    tmp_path: Path, tiny_base: Path, job: JobFolder, stage: str, step: int
) -> None:
    settings = two_stages(tiny_base, job)
    whole = finetune(settings, job)
    broken = CancelledJob(submit(job.data, "finetune", JobConfig()).path, stage, step)
    with pytest.raises(JobCancelled):
        finetune(settings, broken)
    (broken.path / "cancel").unlink()
    resumed = finetune(settings, JobFolder(broken.path))
    expected, found = losses(job), losses(broken)
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        assert found[key] == pytest.approx(row, rel=1e-4), key
    first, second = (load_policy(str(tiny_base), folder) for folder in (whole, resumed))
    for name, value in first.state_dict().items():
        torch.testing.assert_close(second.state_dict()[name], value, msg=name)


def test_a_cancelled_job_leaves_an_adapter_of_its_last_checkpoint(
    tiny_base: Path, job: JobFolder
) -> None:
    settings = two_stages(tiny_base, job)
    with pytest.raises(StoppedLearning) as stopped:
        finetune(settings, CancelledJob(job.path, "act", 150))
    left = get_adapter(job.data, stopped.value.folder.name)
    assert left.card.name.endswith(" (stopped)")
    assert left.card.stopped == "in act, at step 100 of 230"
    policy, base = load_policy(str(tiny_base), left.path), load_base(str(tiny_base))
    assert (policy.head.leave.weight - base.head.leave.weight).abs().max() > 1e-4
    with World(sample_scene(1), USUAL) as world:
        assert rollout(world, PolicyAgent(policy, "push it"), max_ticks=9).ticks == 9


def test_a_job_whose_process_is_told_to_end_does_so_at_once_and_leaves_none(
    tiny_base: Path, job: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, asked = two_stages(tiny_base, job), CancelledJob(job.path, "act", 150)

    def told_to_end() -> None:
        if asked.cancelled:
            raise JobTerminated("as by SIGTERM")

    monkeypatch.setattr(asked, "raise_if_cancelled", told_to_end)
    with pytest.raises(JobTerminated):
        finetune(settings, asked)
    assert list_adapters(job.data) == []
    assert (job.path / "checkpoint.pt").is_file(), "it can be gone on with"


def test_what_a_cancelled_job_left_is_its_result_and_resumed_it_trains_to_the_end(
    tiny_base: Path, job: JobFolder
) -> None:
    settings = two_stages(tiny_base, job)
    with pytest.raises(JobCancelled):
        finetune_as_job(CancelledJob(job.path, "act", 150), settings)
    (left,) = list_adapters(job.data)
    assert job.status.result["adapter"] == left.id
    (job.path / "cancel").unlink()
    finished = finetune_as_job(JobFolder(job.path), settings)
    assert [each.id for each in list_adapters(job.data)] == [finished.adapter, left.id]
    assert "stopped" not in get_adapter(job.data, finished.adapter).card.name


def test_a_job_that_is_cancelled_before_it_learns_to_act_leaves_none(
    tiny_base: Path, job: JobFolder
) -> None:
    settings = two_stages(tiny_base, job)
    with pytest.raises(JobCancelled) as cancelled:
        finetune(settings, CancelledJob(job.path, "look", 31))
    assert not isinstance(cancelled.value, StoppedLearning)
    assert list_adapters(job.data) == []


def test_takes_without_masks_are_refused_with_what_to_do(tiny_base: Path, job: JobFolder) -> None:
    draw_take(job.data, "bare", labeled=False)
    with pytest.raises(NothingToLearn, match="Label their target first"):
        finetune(config(tiny_base, "bare"), job)
    assert list_adapters(job.data) == []


def test_a_take_without_the_wrist_camera_that_the_others_have_is_refused_by_name(
    tiny_base: Path, job: JobFolder
) -> None:
    takes = draw_take(job.data, "whole"), draw_take(job.data, "blind", cameras=("front",))
    with pytest.raises(OtherCameras, match=r"Take blind has no camera wrist \(it has: front\)"):
        finetune(config(tiny_base, *takes), job)


def test_a_take_with_a_flipped_byte_is_refused_by_name_before_anything_is_learned(
    tiny_base: Path, job: JobFolder
) -> None:
    takes = [draw_take(job.data, name) for name in ("good", "flipped")]
    path = job.data / "takes" / "flipped" / "take.h5"
    content = bytearray(path.read_bytes())
    content[content.index(b"\xff\xd8\xff") + 400] ^= 8  # in a picture, which still opens
    path.write_bytes(content)
    with pytest.raises(TakeRefused, match=r"Take flipped .*bytes in it changed"):
        finetune(config(tiny_base, *takes), job)
    assert job.metrics() == []


def test_a_take_with_masks_of_another_size_is_refused_by_name(
    tiny_base: Path, job: JobFolder
) -> None:
    takes = [draw_take(job.data, name) for name in ("good", "other")]
    labels = Labels.open(job.data / "takes" / "other")
    mask = MaskRecord(rle=encode(np.ones((32, 64), np.bool_)), source=MaskSource.HUMAN)
    edit = SetMask("front", 3, "red square", mask)
    labels.apply([edit], labels.revision, "annotator")
    with pytest.raises(TakeRefused, match=r"Take other .*64 × 32 pixels, not 64 × 64"):
        finetune(config(tiny_base, *takes), job)
    assert job.metrics() == []


def test_the_card_names_the_labels_that_were_read(
    tiny_base: Path, job: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = draw_take(job.data, "one")
    labels = Labels.open(job.data / "takes" / take)
    read, train = labels.revision, StageRunner.run

    def train_while_somebody_labels(tuning: StageRunner, number: int, stage: Stage) -> None:
        labels.apply([SetInstruction(instruction="later")], labels.revision, "annotator")
        train(tuning, number, stage)

    monkeypatch.setattr(StageRunner, "run", train_while_somebody_labels)
    finetune(config(tiny_base, take), job)
    (adapter,) = list_adapters(job.data)
    assert [each.labels_revision for each in adapter.card.takes] == [read]
    assert labels.revision > read


def test_looking_for_changed_bytes_takes_a_moment(tmp_path: Path) -> None:
    folder = tmp_path / "takes" / draw_take(tmp_path, "one")
    with (folder / "take.h5").open("ab") as file:
        file.write(bytes(50_000_000))
    write_checksum(folder / "take.h5")
    started = time.process_time()
    require_usable(tmp_path, "one")
    assert time.process_time() - started < 1.0
