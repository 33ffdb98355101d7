"""Takes of others are first-class: an adapter learns from them, and they are exported again."""

from pathlib import Path

import numpy as np
import pytest
from fuzzing.saved_demo import CUP, SENTENCES, STEPS, paths, save_demo
from lerobot_files import LeRobotFiles

from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.options import LeRobotOptions
from teachloop.datasets.formats.take_import import import_takes
from teachloop.geometry.poses import apply_delta, to_nine_numbers
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import submit
from teachloop.training.adapters.registry import list_adapters
from teachloop.training.data.samples import Sampling
from teachloop.training.data.takes import read_take
from teachloop.training.data.usable_takes import usable_takes
from teachloop.training.grounded.finetune import finetune
from teachloop.training.grounded.finetune_config import FinetuneConfig

EVERY_TICK = Sampling(cameras=("front", "wrist"), image_size=32, chunk=4)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One demo, whose cup was given a name."""
    save_demo(tmp_path / "set")
    options = ImportOptions(handles={CUP: "red cup"})
    import_takes(tmp_path / "data", tmp_path / "set", options, lambda message, share: None)
    return tmp_path / "data"


def test_samples_lead_to_the_poses_that_the_next_steps_reached(data: Path) -> None:
    (take,) = usable_takes(data, masks=True).ids
    samples = read_take(data / "takes" / take, EVERY_TICK)
    _, poses = paths()
    assert len(samples) == STEPS - 1
    for step in range(STEPS - 5):
        for ahead in range(4):
            reached = apply_delta(poses[step], samples.offsets[step, ahead, :6])
            np.testing.assert_allclose(reached, poses[step + 1 + ahead], atol=1e-6)
    assert samples.episodes[0].instructions == tuple(SENTENCES)
    assert samples.episodes[0].objects == ("red cup",)
    assert (samples.masks[0, 0] == 1).sum() > 20


def test_an_adapter_is_trained_on_a_demo_of_others(data: Path, tiny_base: Path) -> None:
    job = submit(data, "finetune", JobConfig())
    takes = usable_takes(data, masks=True).ids
    settings = FinetuneConfig(
        takes=takes, base=str(tiny_base), preset="tiny", lora_rank=2, threads=1, stride=1
    )
    folder = finetune(settings, job)
    (adapter,) = list_adapters(data)
    assert (adapter.path, [take.id for take in adapter.card.takes]) == (folder, list(takes))
    assert {row["stage"] for row in job.metrics() if "step" in row} == {"look", "act"}


def test_a_demo_of_others_is_exported_to_lerobot(data: Path, tmp_path: Path) -> None:
    takes = usable_takes(data, masks=False).ids
    out = tmp_path / "out"
    export_takes(data, takes, LeRobotOptions(), out, lambda message, share: None)
    files = LeRobotFiles(out)
    _, poses = paths()
    assert files.info["fps"] == 20
    assert files.texts("tasks") == [SENTENCES[0]]
    np.testing.assert_allclose(files.column("action")[:, :9], to_nine_numbers(poses[1:]), atol=1e-6)
    assert len(files.images("wrist", 0)) == STEPS - 1
