import time
from collections.abc import Iterator

import pytest

from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.jpeg import decode_jpeg, encode_jpeg
from teachloop.recorder.devices.conformance import check_camera, check_robot
from teachloop.recorder.devices.interfaces import Devices
from teachloop.recorder.drivers import UnknownSource, camera_shapes, open_devices
from teachloop.recorder.drivers.synthetic import frame_number, synthetic_devices

SIMULATORS = ["simulated", "synthetic"]
SOURCES = [*SIMULATORS, pytest.param("panda", marks=pytest.mark.hardware)]


@pytest.fixture(params=SOURCES)
def cell(request: pytest.FixtureRequest) -> Iterator[Devices]:
    with open_devices(request.param, seed=3) as opened:
        yield opened


def test_the_robot_keeps_the_contract(cell: Devices) -> None:
    check_robot(cell.robot)


def test_the_cameras_keep_the_contract(cell: Devices) -> None:
    state = cell.robot.read()

    def advance() -> None:
        time.sleep(0.01)
        if cell.scene is not None:
            cell.robot.apply(standing)

    standing = Action(ee_pose=state.ee_pose, gripper=1.0, decided_by=Decider.HOLD)
    for camera in cell.cameras.values():
        check_camera(camera, advance)


@pytest.mark.parametrize("source", SIMULATORS)
def test_frames_fit_their_rings(source: str) -> None:
    with open_devices(source, seed=3) as cell:
        for name, shape in camera_shapes(source).items():
            frame = cell.cameras[name].newest()
            assert frame is not None
            assert frame.image.shape == (shape.height, shape.width, 3)
            assert (frame.depth_mm is not None) == shape.depth
            assert cell.cameras[name].calibration.measures_depth == shape.depth


def test_a_synthetic_frame_carries_its_number_through_jpeg() -> None:
    camera = synthetic_devices().cameras["front"]
    time.sleep(0.2)
    frame = camera.newest()
    assert frame is not None
    assert frame.number >= 5
    assert frame_number(decode_jpeg(encode_jpeg(frame.preview, 80, subsampling="420"))) == (
        frame.number
    )


def test_an_unknown_source_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownSource, match=r"'toaster'. Known: simulated, synthetic"):
        camera_shapes("toaster")
