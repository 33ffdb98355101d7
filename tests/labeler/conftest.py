"""Takes of scripted demonstrations, recorded once for all tests of this folder."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from simulated_takes import SimulatedTake, record, scene_of

from teachloop.labeler.session import LabelingSession


@pytest.fixture(scope="session")
def pick(tmp_path_factory: pytest.TempPathFactory) -> SimulatedTake:
    """A grasp and a lift."""
    return record(tmp_path_factory.mktemp("pick") / "take", scene_of("pick", 102))


@pytest.fixture(scope="session")
def push(tmp_path_factory: pytest.TempPathFactory) -> SimulatedTake:
    """An object that is pushed and never held."""
    return record(tmp_path_factory.mktemp("push") / "take", scene_of("push", 1))


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[SimulatedTake], Path]:
    """Copies a take into a folder that has no labels yet."""

    def copy(take: SimulatedTake) -> Path:
        folder = tmp_path / "take"
        folder.mkdir()
        shutil.copy(take.folder / "take.h5", folder)
        return folder

    return copy


@pytest.fixture
def session(
    pick: SimulatedTake, copied: Callable[[SimulatedTake], Path]
) -> Iterator[LabelingSession]:
    """A session over a fresh copy of the pick."""
    with LabelingSession.open(copied(pick), "a person") as opened:
        yield opened
