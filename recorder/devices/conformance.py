"""The contracts that every driver keeps, runnable: for tests, and for whoever writes a driver.

Each check raises AssertionError with what the driver did and what it should have done.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...datasets.steps import Action, Decider
from ...geometry import panda
from ...geometry.camera import Camera
from ...geometry.poses import apply_delta
from .interfaces import CameraDriver, DeviceSilent, Frame, Robot, RobotState

MOVE_M = 0.03
FOLLOWS_M = 0.01  # how close a commanded pose is reached within ``FOLLOW_TICKS``
FOLLOW_TICKS = 40
PERIOD_S = 0.05


def check_robot(robot: Robot) -> None:
    """Readings make sense, targets are followed, stop holds. The arm moves up by 3 cm."""
    first = _reading(robot)
    _check_reading(first)
    target = Action(
        ee_pose=apply_delta(first.ee_pose, [0, 0, MOVE_M, 0, 0, 0]),
        gripper=1.0,
        decided_by=Decider.SCRIPT,
    )
    _follow(robot, target)
    _check_grip(robot, target)
    robot.stop()
    _check_still(robot)


def _reading(robot: Robot) -> RobotState:
    for _ in range(100):
        try:
            return robot.read()
        except DeviceSilent:
            time.sleep(0.02)
    raise AssertionError("no reading within 2 s")


def _check_reading(state: RobotState) -> None:
    rotation = state.ee_pose[:3, :3]
    assert state.joint_positions_rad.shape == (7,), "joint positions are (7,)"
    assert state.joint_velocities_rad_s.shape == (7,), "joint velocities are (7,)"
    assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-6), "the pose is no rigid one"
    assert abs(time.monotonic_ns() - state.time_ns) < 10**9, "time_ns is not the monotonic clock"
    assert -0.001 <= state.gripper_width_m <= panda.HAND_OPENING_M + 0.01, "gripper: metres"
    expected = panda.forward_kinematics(state.joint_positions_rad)
    assert np.allclose(expected, state.ee_pose, atol=2e-3), "joints and pose disagree"


def _follow(robot: Robot, target: Action) -> None:
    for _ in range(FOLLOW_TICKS):
        sent = robot.apply(target)
        assert isinstance(sent, Action), "apply returns what was sent"
        time.sleep(PERIOD_S)
    state = robot.read()
    _check_reading(state)
    error_m = np.linalg.norm(state.ee_pose[:3, 3] - target.ee_pose[:3, 3])
    assert error_m < FOLLOWS_M, f"the target was missed by {error_m * 1e3:.1f} mm"


def _check_grip(robot: Robot, target: Action) -> None:
    for gripper, width_m in ((0.0, 0.0), (1.0, panda.HAND_OPENING_M)):
        for _ in range(FOLLOW_TICKS):
            robot.apply(replace(target, gripper=gripper))
            time.sleep(PERIOD_S)
        found_m = robot.read().gripper_width_m
        assert abs(found_m - width_m) < 0.01, f"gripper {gripper:g} gave {found_m:.3f} m"


def _check_still(robot: Robot) -> None:
    before = robot.read()
    time.sleep(4 * PERIOD_S)
    moved_m = np.linalg.norm(robot.read().ee_pose[:3, 3] - before.ee_pose[:3, 3])
    assert moved_m < 0.002, f"after stop the arm moved by {moved_m * 1e3:.1f} mm"


def check_camera(camera: CameraDriver, advance: Callable[[], None]) -> None:
    """Frames are numbered and timed, the calibration fits them; ``advance`` lets time go on."""
    frames: list[Frame] = []
    for _ in range(100):
        frame = camera.newest()
        if frame is not None and (not frames or frame.number != frames[-1].number):
            frames.append(frame)
        if len(frames) == 5:
            break
        advance()
    assert len(frames) == 5, f"{len(frames)} frames came where 5 were due"
    for frame in frames:
        _check_frame(camera, frame)
    if camera.calibration.measures_depth:
        assert any(frame.depth_mm is not None for frame in frames), "the depth never came"
    numbers = [frame.number for frame in frames]
    arrivals = [frame.time_ns for frame in frames]
    assert numbers == sorted(set(numbers)), f"numbers do not count up: {numbers}"
    assert arrivals == sorted(arrivals), "arrival times go backwards"


def _check_frame(camera: CameraDriver, frame: Frame) -> None:
    calibration = camera.calibration
    assert frame.camera == calibration.name == camera.name, "the camera's names differ"
    assert frame.image.dtype == np.uint8, "images are uint8"
    wanted = (calibration.height, calibration.width, 3)
    assert frame.image.shape == wanted, f"the calibration is of {wanted}, not {frame.image.shape}"
    assert frame.preview.shape[2] == 3, "the preview is RGB"
    _check_depth(frame, calibration)
    assert abs(time.monotonic_ns() - frame.time_ns) < 10**10, "time_ns is not the monotonic clock"


def _check_depth(frame: Frame, calibration: Camera) -> None:
    """A frame may lack its depth (a drop), but has none where the camera measures none."""
    if frame.depth_mm is None:
        return
    assert calibration.measures_depth, "there is a depth that the calibration knows nothing of"
    assert frame.depth_mm.dtype == np.uint16, "depth is uint16 mm"
    wanted = (calibration.height, calibration.width)
    assert frame.depth_mm.shape == wanted, f"depth is {frame.depth_mm.shape}, the image {wanted}"
