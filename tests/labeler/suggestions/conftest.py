"""Takes as of a real robot, which say nothing of the scene that they are of."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from simulated_takes import SimulatedTake, record, scene_of

from teachloop.datasets.labels.edits import SetMask
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.snapshot import Snapshot

CAMERAS = ("front", "side", "wrist")


@pytest.fixture(scope="session")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> SimulatedTake:
    """A grasp and a lift, without depth."""
    folder = tmp_path_factory.mktemp("filmed") / "take"
    return record(folder, scene_of("pick", 102), cameras=CAMERAS, told=False)


@pytest.fixture(scope="session")
def put(tmp_path_factory: pytest.TempPathFactory) -> SimulatedTake:
    """A grasp, and what was grasped put elsewhere."""
    folder = tmp_path_factory.mktemp("put") / "take"
    return record(folder, scene_of("put", 303), cameras=CAMERAS, told=False)


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> SimulatedTake:
    """The same with depth."""
    folder = tmp_path_factory.mktemp("measured") / "take"
    return record(folder, scene_of("pick", 102), cameras=CAMERAS, told=False, depth=True)


@pytest.fixture
def marked(tmp_path: Path) -> Callable[..., tuple[Path, Snapshot]]:
    """A copy of a take, and labels with the true masks of some frames of a camera."""

    def mark(take: SimulatedTake, camera: str, *frames: int) -> tuple[Path, Snapshot]:
        shutil.copytree(take.folder, tmp_path / "take")
        labels = Labels.open(tmp_path / "take")
        masks = {frame: encode(take.truth[camera][frame]) for frame in frames}
        records = {at: MaskRecord(rle=rle, source=MaskSource.HUMAN) for at, rle in masks.items()}
        edits = [SetMask(camera, at, take.target, record) for at, record in records.items()]
        labels.apply(edits, 0, "Ada")
        return tmp_path / "take", labels.snapshot

    return mark
