"""The contracts that every driver keeps, runnable: for tests, and for whoever writes a driver.

Each check raises AssertionError with what the driver did and what it should have done.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...datasets.steps import Action, Decider
from ...datasets.takes.jpeg import decode_jpeg
from ...geometry.camera import Camera
from ...geometry.kinematics import Kinematics
from ...geometry.poses import apply_delta
from .camera_shape import CameraShape
from .interfaces import (
    CameraDriver,
    DeviceSilent,
    Frame,
    GuidedRobot,
    Robot,
    RobotDriver,
    RobotState,
)

MOVE_M = 0.03
FOLLOWS_M = 0.01  # how close a commanded pose is reached within ``FOLLOW_TICKS``
FOLLOW_TICKS = 40
LED_TICKS, LED_M = 20, 0.005
PERIOD_S = 0.05
FRAMES = 5
RATE_TOLERANCE = 0.1
Advance = Callable[[], None]
HAND = Kinematics()  # a Panda with its hand


def check_robot(robot: RobotDriver, kinematics: Kinematics = HAND) -> None:
    """Readings are pushed and make sense, targets are followed, stop holds; one that can be led
    stays where nobody leads it. The arm moves up by 3 cm. The robot is entered, and streams to
    nobody yet. ``kinematics``: of the arm with the tool that is set."""
    pushed: list[RobotState] = []
    robot.stream(pushed.append)
    first = _reading(robot)
    _check_reading(first, kinematics)
    target = Action(
        ee_pose=apply_delta(first.ee_pose, [0, 0, MOVE_M, 0, 0, 0]),
        gripper=None if first.gripper_width_m is None else 1.0,
        decided_by=Decider.SCRIPT,
    )
    _follow(robot, target, kinematics)
    if first.gripper_width_m is not None:
        _check_grip(robot, target, first.gripper_opening_m)
    robot.stop()
    _check_still(robot)
    if isinstance(robot, GuidedRobot):
        _check_led(robot, robot, target)
    _check_pushed(pushed)


def _check_pushed(pushed: list[RobotState]) -> None:
    assert len(pushed) >= FOLLOW_TICKS, f"only {len(pushed)} readings were pushed"
    for clock in ("time_ns", "device_time_ns"):
        times = [getattr(state, clock) for state in pushed]
        assert times == sorted(times), f"{clock} goes backwards"
    for state in pushed[:: len(pushed) // FOLLOW_TICKS]:
        _check_shapes(state)


def _reading(robot: Robot) -> RobotState:
    for _ in range(100):
        try:
            return robot.read()
        except DeviceSilent:
            time.sleep(0.02)
    raise AssertionError("no reading within 2 s")


def _check_reading(state: RobotState, kinematics: Kinematics) -> None:
    _check_shapes(state)
    rotation = state.ee_pose[:3, :3]
    assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-6), "the pose is no rigid one"
    assert abs(time.monotonic_ns() - state.time_ns) < 10**9, "time_ns is not the monotonic clock"
    width_m, opening_m = state.gripper_width_m, state.gripper_opening_m
    assert width_m is None or -0.001 <= width_m <= opening_m + 0.01, "gripper: metres"
    expected = kinematics.forward(state.joint_positions_rad)
    assert np.allclose(expected, state.ee_pose, atol=2e-3), "joints and pose disagree"


def _check_shapes(state: RobotState) -> None:
    sevens = ("joint_positions_rad", "joint_velocities_rad_s")
    measured = ("joint_torques_nm", "external_torques_nm")
    for name in (*sevens, *(each for each in measured if getattr(state, each) is not None)):
        assert getattr(state, name).shape == (7,), f"{name} is (7,)"
    wrench, rate = state.external_wrench, state.control_success_rate
    assert wrench is None or wrench.shape == (6,), "external_wrench is (6,)"
    assert rate is None or 0.0 <= rate <= 1.0, "control_success_rate is 0 … 1"


def _follow(robot: Robot, target: Action, kinematics: Kinematics) -> None:
    for _ in range(FOLLOW_TICKS):
        sent = robot.apply(target)
        assert isinstance(sent, Action), "apply returns what was sent"
        time.sleep(PERIOD_S)
    state = robot.read()
    _check_reading(state, kinematics)
    error_m = np.linalg.norm(state.ee_pose[:3, 3] - target.ee_pose[:3, 3])
    assert error_m < FOLLOWS_M, f"the target was missed by {error_m * 1e3:.1f} mm"


def _check_grip(robot: Robot, target: Action, opening_m: float) -> None:
    for gripper, width_m in ((0.0, 0.0), (1.0, opening_m)):
        for _ in range(FOLLOW_TICKS):
            robot.apply(replace(target, gripper=gripper))
            time.sleep(PERIOD_S)
        found_m = robot.read().gripper_width_m
        assert found_m is not None, "a gripper does not come and go"
        assert abs(found_m - width_m) < 0.01, f"gripper {gripper:g} gave {found_m:.3f} m"


def _check_still(robot: Robot) -> None:
    before = robot.read()
    time.sleep(4 * PERIOD_S)
    moved_m = np.linalg.norm(robot.read().ee_pose[:3, 3] - before.ee_pose[:3, 3])
    assert moved_m < 0.002, f"after stop the arm moved by {moved_m * 1e3:.1f} mm"


def _check_led(robot: Robot, guided: GuidedRobot, target: Action) -> None:
    before = robot.read()
    for decider in (Decider.GUIDED, Decider.HOLD):
        for _ in range(LED_TICKS):
            action = replace(target, ee_pose=robot.read().ee_pose, decided_by=decider)
            if decider == Decider.GUIDED:
                guided.guide(action)
            else:
                robot.apply(action)
            time.sleep(PERIOD_S)
        moved_m = np.linalg.norm(robot.read().ee_pose[:3, 3] - before.ee_pose[:3, 3])
        assert moved_m < LED_M, f"led by nobody, the arm moved by {moved_m * 1e3:.1f} mm"


def check_camera(camera: CameraDriver, shape: CameraShape, advance: Advance) -> None:
    """Frames are pushed at the stated rate and size, numbered and timed, and the calibration fits
    them; ``advance`` lets time go on. The camera is entered, and streams to nobody yet."""
    frames: list[Frame] = []
    camera.stream(frames.append)
    for _ in range(200):
        advance()
        if len(frames) >= FRAMES:
            break
    assert len(frames) >= FRAMES, f"{len(frames)} frames came where {FRAMES} were due"
    for frame in frames:
        _check_frame(camera.calibration, shape, frame)
    if shape.depth:
        assert any(frame.depth_mm is not None for frame in frames), "the depth never came"
    if shape.jpeg:
        _check_jpeg(frames)
    numbers = [frame.number for frame in frames]
    arrivals = [frame.time_ns for frame in frames]
    assert numbers == sorted(set(numbers)), f"numbers do not count up: {numbers}"
    assert arrivals == sorted(arrivals), "arrival times go backwards"
    _check_rate(frames, shape.fps)


def _check_rate(frames: list[Frame], fps: float) -> None:
    """By the device's own clock and count, so that frames that were lost do not matter."""
    first, last = frames[0], frames[-1]
    passed_s = (last.device_time_ns - first.device_time_ns) / 1e9
    found = (last.number - first.number) / max(passed_s, 1e-9)
    assert abs(found / fps - 1) < RATE_TOLERANCE, f"{found:.1f} frames/s; the settings say {fps:g}"


def _check_frame(calibration: Camera, shape: CameraShape, frame: Frame) -> None:
    assert frame.camera == calibration.name, "the camera's names differ"
    assert frame.image.dtype == np.uint8, "images are uint8"
    wanted = (shape.height, shape.width, 3)
    assert frame.image.shape == wanted, f"an image of {frame.image.shape}, not {wanted} as set"
    known = (calibration.height, calibration.width, 3)
    assert frame.image.shape == known, f"the calibration is of {known}, not {frame.image.shape}"
    assert calibration.measures_depth == shape.depth, "calibration and settings differ on depth"
    _check_depth(frame, calibration)
    assert abs(time.monotonic_ns() - frame.time_ns) < 10**10, "time_ns is not the monotonic clock"


def _check_jpeg(frames: list[Frame]) -> None:
    for frame in frames:
        assert frame.jpeg is not None, "a picture came without the JPEG that it was"
        decoded = decode_jpeg(frame.jpeg)
        assert np.array_equal(decoded, frame.image), "the JPEG is of another picture"


def _check_depth(frame: Frame, calibration: Camera) -> None:
    """A frame may lack its depth (a drop), but has none where the camera measures none."""
    if frame.depth_mm is None:
        return
    assert calibration.measures_depth, "there is a depth that the calibration knows nothing of"
    assert frame.depth_mm.dtype == np.uint16, "depth is uint16 mm"
    wanted = (calibration.height, calibration.width)
    assert frame.depth_mm.shape == wanted, f"depth is {frame.depth_mm.shape}, the image {wanted}"


def check_leaving(make: Callable[[], RobotDriver | CameraDriver], advance: Advance) -> None:
    """What was left pushes nothing any more, and can be had again; ``make`` makes it anew."""
    for _ in range(2):
        pushed: list[object] = []
        with make() as device:
            device.stream(pushed.append)
            for _ in range(200):
                advance()
                if pushed:
                    break
        assert pushed, "nothing was pushed while it was entered"
        count = len(pushed)
        for _ in range(5):
            advance()
        assert len(pushed) == count, "it pushes although it was left"
