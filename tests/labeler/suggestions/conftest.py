"""Takes as of a real robot, which say nothing of the scene that they are of."""

import pytest
from simulated_takes import SimulatedTake, record, scene_of

CAMERAS = ("front", "side", "wrist")


@pytest.fixture(scope="session")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> SimulatedTake:
    """A grasp and a lift, without depth."""
    folder = tmp_path_factory.mktemp("filmed") / "take"
    return record(folder, scene_of("pick", 102), cameras=CAMERAS, told=False)


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> SimulatedTake:
    """The same with depth."""
    folder = tmp_path_factory.mktemp("measured") / "take"
    return record(folder, scene_of("pick", 102), cameras=CAMERAS, told=False, depth=True)
