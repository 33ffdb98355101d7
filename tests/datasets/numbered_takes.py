"""Takes of an arm that moves, whose every picture shows its own number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numbered_pictures import HEIGHT, WIDTH, picture

from teachloop.datasets.embodiment import FRANKA_GRIPPER, Gripper
from teachloop.datasets.labels.edits import Edit
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.panda import HOME_JOINTS_RAD
from teachloop.recorder.devices.interfaces import RobotState

START_NS = 1_000_000_000
INSTRUCTION = "hebe den roten Würfel 赤い立方体"
SWING_RAD = np.array([0.3, 0.2, -0.2, 0.15, 0.3, 0.2, 0.4])


@dataclass(frozen=True, kw_only=True)
class NumberedTake:
    """How one is made."""

    ticks: int = 60
    rate_hz: float = 20.0
    seed: int = 0
    cameras: Sequence[str] = ("front", "wrist")
    at_the_hand: Sequence[str] = ()  # those of the cameras that move with it
    size: tuple[int, int] = (HEIGHT, WIDTH)
    draw: Callable[[int, str, tuple[int, int]], np.ndarray] = picture
    dropped: Mapping[str, set[int]] = field(default_factory=dict)  # numbers that never came
    missed: set[int] = field(default_factory=set)  # ticks that the loop missed
    gripper: Gripper | None = FRANKA_GRIPPER
    fields: Mapping[str, object] = field(default_factory=dict)  # of the take's info


def numbered_take(data: Path, name: str, how: NumberedTake, *edits: Edit) -> str:
    """Record it and say this of it; returns its id."""
    folder = data / "takes" / name
    with TakeWriter(folder, _info(name, how)) as writer:
        for tick in range(how.ticks):
            time_ns = START_NS + round(tick * 1e9 / how.rate_hz)
            for camera in how.cameras:
                if tick not in how.dropped.get(camera, set()):
                    jpeg = encode_jpeg(how.draw(tick, camera, how.size))
                    writer.append_frame(camera, tick, time_ns, time_ns, jpeg)
            if tick not in how.missed:
                _append_state(writer, how, tick, time_ns)
    if edits:
        Labels.open(folder).apply(edits, 0, "Ada")
    return name


def joints_at(how: NumberedTake, tick: float) -> np.ndarray:
    """Where the joints are at a tick (7,)."""
    phase = np.random.default_rng(how.seed).uniform(0, 2 * np.pi, 7)
    return HOME_JOINTS_RAD + SWING_RAD * np.sin(phase + 2 * np.pi * tick / 80)


def applied_pose(how: NumberedTake, tick: float) -> np.ndarray:
    """The target that is applied at a tick (4, 4): where the arm is a little later."""
    return Kinematics().forward(joints_at(how, tick + 1.5))


def applied_gripper(tick: int) -> float:
    return float(tick < 30)


def _info(name: str, how: NumberedTake) -> TakeInfo:
    values = {
        "take_id": name,
        "created": "2026-11-22T15:43:12+00:00",
        "created_time_ns": START_NS,
        "instruction": INSTRUCTION,
        "operator": "Ada",
        "robot": "made up",
        "rate_hz": how.rate_hz,
        "gripper": how.gripper,
        "cameras": {each: _camera(each, how) for each in how.cameras},
    }
    return TakeInfo(**{**values, **how.fields})  # type: ignore[arg-type]


def _camera(name: str, how: NumberedTake) -> Camera:
    height, width = how.size
    return Camera(
        name=name,
        width=width,
        height=height,
        intrinsics=np.eye(3),
        mount="end_effector" if name in how.at_the_hand else "base",
        pose=np.eye(4),
    )


def _append_state(writer: TakeWriter, how: NumberedTake, tick: int, time_ns: int) -> None:
    joints = joints_at(how, tick)
    writer.append_robot(
        RobotState(
            time_ns=time_ns,
            device_time_ns=time_ns,
            joint_positions_rad=joints,
            joint_velocities_rad_s=np.zeros(7),
            ee_pose=Kinematics().forward(joints),
            gripper_width_m=None if how.gripper is None else 0.04,
        )
    )
    decided_by = Decider.POLICY if tick < 10 else Decider.OPERATOR
    gripper = None if how.gripper is None else applied_gripper(tick)
    asked, applied = (
        Action(ee_pose=pose, gripper=gripper, decided_by=decided_by)
        for pose in (np.eye(4), applied_pose(how, tick))
    )
    writer.append_action(time_ns, asked, applied)
