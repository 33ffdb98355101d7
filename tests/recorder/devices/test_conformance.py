import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.jpeg import decode_jpeg, encode_jpeg
from teachloop.datasets.tool import Tool
from teachloop.geometry.kinematics import Kinematics
from teachloop.recorder.devices.camera_shape import CameraShape
from teachloop.recorder.devices.conformance import check_camera, check_leaving, check_robot
from teachloop.recorder.devices.interfaces import Devices, Frame, GuidedRobot, ProcessContext
from teachloop.recorder.devices.presets import PRESETS
from teachloop.recorder.devices.settings import (
    CameraSettings,
    GripperSettings,
    ProcessSettings,
    processes,
)
from teachloop.recorder.drivers.cameras.synthetic import SyntheticCamera, frame_number
from teachloop.recorder.drivers.opening import make_camera, make_robot, open_devices

SIMULATORS = ["simulated", "synthetic"]


def owned(source: str) -> ProcessSettings:
    """All devices of a preset; they share one process."""
    (process,) = processes(PRESETS[source]).values()
    return process


@pytest.fixture(params=SIMULATORS)
def source(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def devices(source: str) -> Iterator[Devices]:
    with open_devices(owned(source), seed=3) as opened:
        yield opened


def advance(devices: Devices) -> None:
    """Let time go on, also where it does so with each action only."""
    time.sleep(0.01)
    robot, scene = devices.robot, devices.scene
    if scene is not None and robot is not None:
        pose = robot.read().ee_pose
        robot.apply(Action(ee_pose=pose, gripper=1.0, decided_by=Decider.HOLD))
        scene.draw()


@pytest.mark.parametrize(
    ("gripper", "opening_m"), [("hand", 0.08), ("made_up_gripper:Pincers", 0.04), ("none", None)]
)
def test_another_gripper_or_none_keeps_the_contract(
    source: str, gripper: str, opening_m: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[1])
    mounted = {"gripper": GripperSettings(driver=gripper)}
    with open_devices(owned(source).model_copy(update=mounted), seed=3) as devices:
        assert devices.robot is not None
        check_robot(devices.robot)
        state = devices.robot.read()
        found = devices.gripper
    assert (found.opening_m if found else None) == opening_m
    assert (state.gripper_width_m is None) == (opening_m is None)
    assert isinstance(devices.robot, GuidedRobot) == (source == "simulated")


def test_the_robot_has_its_own_name_whatever_shares_its_process(
    source: str, devices: Devices
) -> None:
    assert devices.cameras, "which come after it"
    assert devices.robot_name == f"{source.capitalize()}Robot"


def test_the_robot_keeps_the_contract(devices: Devices) -> None:
    assert devices.robot is not None
    check_robot(devices.robot)


@pytest.mark.parametrize("driver", SIMULATORS)
def test_an_fr3_keeps_the_contract(driver: str) -> None:
    with open_devices(owned(driver).model_copy(update={"arm": "fr3"}), seed=3) as devices:
        assert devices.robot is not None
        check_robot(devices.robot)


@pytest.mark.parametrize("driver", SIMULATORS)
def test_with_another_tool_its_centre_point_is_what_is_told_and_moved(driver: str) -> None:
    tool = Tool(position_m=(0.02, 0.0, 0.2))
    settings = owned(driver).model_copy(update={"tool": tool})
    with open_devices(settings, seed=3) as devices:
        assert devices.robot is not None
        check_robot(devices.robot, Kinematics(flange_to_tool=tool.pose))


def test_the_cameras_keep_the_contract(source: str, devices: Devices) -> None:
    for name, shape in PRESETS[source].shapes.items():
        check_camera(devices.cameras[name], shape, lambda: advance(devices))


def test_a_robot_that_was_left_is_silent_and_can_be_had_again(source: str) -> None:
    context = ProcessContext(seed=3)
    settings = PRESETS[source].robot
    check_leaving(lambda: make_robot(settings, context), lambda: time.sleep(0.01))


def test_a_camera_that_was_left_is_silent_and_can_be_had_again(source: str) -> None:
    context = ProcessContext(seed=3)
    robot = make_robot(PRESETS[source].robot, context)
    settings = PRESETS[source].cameras["wrist"]
    others = Devices(robot, scene=context.scene)
    check_leaving(lambda: make_camera("wrist", settings, context), lambda: advance(others))


def test_a_synthetic_frame_carries_its_number_through_jpeg() -> None:
    frames: list[Frame] = []
    settings = SyntheticCamera.Settings()
    with SyntheticCamera("any", CameraShape(640, 480, 30.0), settings, ProcessContext()) as camera:
        camera.stream(frames.append)
        while len(frames) < 6:
            time.sleep(0.01)
    frame = frames[5]
    assert frame.number >= 5
    assert frame_number(decode_jpeg(encode_jpeg(frame.image, 80, subsampling="420"))) == (
        frame.number
    )


@pytest.mark.parametrize(("width", "depth"), [(320, True), (200, False)])
def test_a_simulated_camera_has_the_name_size_and_place_that_is_set(
    width: int, depth: bool
) -> None:
    camera = CameraSettings(
        driver="simulated", width=width, height=240, fps=20, depth=depth, settings={"view": "side"}
    )
    simulated = owned("simulated").model_copy(update={"cameras": {"left": camera}})
    with open_devices(simulated, seed=3) as devices:
        check_camera(devices.cameras["left"], camera.shape, lambda: advance(devices))
