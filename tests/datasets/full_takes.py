"""A take that has all that a take can have: readings at five times the rate of actions, torques,
depth, drops, a camera that nobody calibrated, errors of the robot and events."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numbered_pictures import picture
from numbered_takes import INSTRUCTION, START_NS

from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.format import MEASURED, TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera, Mount
from teachloop.geometry.poses import apply_delta
from teachloop.recorder.devices.interfaces import RobotState

TICKS, READINGS = 12, 5  # of a tick
TICK_NS, READING_NS = 50_000_000, 10_000_000
HEIGHT, WIDTH = 48, 64
DROPPED = {3, 4}  # frames of the camera at the hand
LACKING = 8  # the reading without torques
INTRINSICS = np.array([[80.0, 0.0, 32.5], [0.0, 81.0, 23.5], [0.0, 0.0, 1.0]])
CAMERA_POSE = apply_delta(np.eye(4), [0.1, 0.2, 0.3, 0.4, -0.5, 0.6])
CREATED, CREATED_NS = "2026-11-22T15:43:12.000250+00:00", 1795362192_000250_000


def full_take(data: Path) -> str:
    """Record it; returns its id."""
    with TakeWriter(data / "takes" / "full", _info()) as writer:
        for number in range(TICKS * READINGS):
            _append_reading(writer, number)
        for tick in range(TICKS):
            _append_tick(writer, tick, START_NS + tick * TICK_NS)
        for tick, errors in ((0, []), (2, ["reflex"]), (5, [])):
            writer.append_robot_errors(START_NS + tick * TICK_NS, errors)
        writer.append_event(START_NS + 4 * TICK_NS, "takeover", "Ada took over from Grace")
        writer.append_event(START_NS + 6 * TICK_NS, "warning", "The wrist camera is late.")
        writer.append_event(START_NS + 11 * TICK_NS, "stop")
        writer.finish()
    return "full"


def _info() -> TakeInfo:
    cameras = (
        _camera("front", "base"),
        _camera("wrist", "end_effector", measures_depth=True),
        _camera("loose", "base", calibrated=False),
    )
    return TakeInfo(
        take_id="full",
        created=CREATED,
        created_time_ns=START_NS,
        instruction=INSTRUCTION,
        operator="Ada",
        robot="made up",
        arm="fr3",
        robot_measures=(*MEASURED, "errors"),
        cameras={camera.name: camera for camera in cameras},
        limits={"workspace": 0.7, "speed": 1.0},
    )


def _camera(name: str, mount: Mount, **known: bool) -> Camera:
    return Camera(
        name=name,
        width=WIDTH,
        height=HEIGHT,
        intrinsics=INTRINSICS,
        mount=mount,
        pose=CAMERA_POSE,
        **known,
    )


def _append_reading(writer: TakeWriter, number: int) -> None:
    reading = RobotState(
        time_ns=START_NS + number * READING_NS,
        device_time_ns=7 * number,
        joint_positions_rad=np.sin(np.arange(7) + number),
        joint_velocities_rad_s=np.cos(np.arange(7) + number),
        ee_pose=pose_at(number),
        gripper_width_m=0.08 / (1 + number),
    )
    writer.append_robot(reading, measured(number))


def pose_at(number: float) -> np.ndarray:
    return apply_delta(np.eye(4), [0.01 * number, 0.2, 0.3, 0.05 * number, -0.02 * number, 0.4])


def measured(number: int) -> Mapping[str, np.ndarray | float]:
    torques = np.full(7, np.nan) if number == LACKING else np.arange(7) + number / 3
    return {
        "joint_torques_nm": torques,
        "external_torques_nm": np.arange(7) - number / 3,
        "external_wrench": np.arange(6) * number / 7,
        "control_success_rate": 1 - number / 1000,
    }


def depth_mm(tick: int) -> np.ndarray:
    return (1000 * tick + np.arange(HEIGHT * WIDTH, dtype=np.uint16)).reshape(HEIGHT, WIDTH)


def _append_tick(writer: TakeWriter, tick: int, time_ns: int) -> None:
    for name in writer.info.cameras:
        if name == "wrist" and tick in DROPPED:
            continue
        jpeg = encode_jpeg(picture(tick, name, (HEIGHT, WIDTH)))
        writer.append_frame(name, tick, time_ns, 3 * tick, jpeg)
    if tick not in DROPPED:
        writer.append_depth("wrist", tick, time_ns, 3 * tick, depth_mm(tick))
    asked, applied = (
        Action(ee_pose=pose_at(n), gripper=gripper, decided_by=_decider(tick))
        for n, gripper in ((tick + 2, 0.5), (tick + 1, 0.25))
    )
    writer.append_action(time_ns, asked, applied, ("speed",) if tick == 3 else ())


def _decider(tick: int) -> Decider:
    return Decider.POLICY if tick < 5 else Decider.OPERATOR
