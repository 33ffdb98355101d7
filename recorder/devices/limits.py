"""What an action may ask for at most, and the robot that never gets more.

The stages run in a fixed order, each named; the names of those that changed the request are
recorded with the step. Where the last target lies outside a limit, the robot may come back
in, never go further out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np
from pydantic import ConfigDict, Field

from ...datasets.steps import Action, Pose
from ...geometry import panda
from ...geometry.poses import make_pose, pose_delta
from ...geometry.rotations import Array, from_rotation_vector, to_rotation_vector
from .interfaces import Robot, RobotState

Metres = Annotated[float, Field(allow_inf_nan=False)]
Corner = tuple[Metres, Metres, Metres]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]

_TOLERANCE = 1e-6
_DAMPING = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The box, speeds and angles that hold for every action."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")  # in a station's settings

    workspace_low_m: Corner = (0.20, -0.50, 0.0)
    workspace_high_m: Corner = (0.80, 0.50, 0.70)
    speed_m_s: Positive = 0.6
    rotation_speed_rad_s: Positive = 2.5
    tilt_rad: Annotated[float, Field(ge=0, le=np.pi)] = 1.0
    """Largest angle between the tool's z axis and straight down."""
    joint_margin_rad: Annotated[float, Field(ge=0, le=1)] = 0.1

    def __post_init__(self) -> None:
        for axis, low, high in zip("xyz", self.workspace_low_m, self.workspace_high_m, strict=True):
            if not low < high:
                raise ValueError(f"must be a box; its {axis} goes from {low:g} to {high:g} m")

    def to_dict(self) -> dict[str, dict[str, float | list[float]]]:
        """Name of each limit, as it is recorded when it clips, to its values; for a take."""
        return {
            "not a pose": {},
            "workspace": {
                "low_m": list(self.workspace_low_m),
                "high_m": list(self.workspace_high_m),
            },
            "orientation": {"tilt_rad": self.tilt_rad},
            "speed": {"m_s": self.speed_m_s},
            "rotation speed": {"rad_s": self.rotation_speed_rad_s},
            "joint margin": {"rad": self.joint_margin_rad},
            "gripper": {"low": 0.0, "high": 1.0},
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bounds:
    """The limits, and where the arm stands as they are applied."""

    limits: Limits
    period_s: float
    reference: Pose  # the last target
    state: RobotState


def limit(requested: Action, bounds: Bounds) -> tuple[Action, tuple[str, ...]]:
    """The action that may be sent, and the names of the limits that changed the request."""
    pose, clipped = requested.ee_pose, []
    for name, stage in STAGES:
        allowed = stage(pose, bounds)
        if not np.allclose(allowed, pose, rtol=0, atol=_TOLERANCE):
            clipped.append(name)
        pose = allowed
    gripper = _gripper(requested.gripper, bounds)
    if gripper != requested.gripper:
        clipped.append("gripper")
    return replace(requested, ee_pose=pose, gripper=gripper), tuple(clipped)


def _rigid(pose: Pose, bounds: Bounds) -> Pose:
    """A request that is no rigid pose asks for nothing: the last target stays."""
    if not np.isfinite(pose).all():
        return bounds.reference
    u, stretch, vt = np.linalg.svd(pose[:3, :3])
    if stretch.min() < 0.5 or stretch.max() > 2 or np.linalg.det(u @ vt) < 0:
        return bounds.reference
    return make_pose(u @ vt, pose[:3, 3])


def _workspace(pose: Pose, bounds: Bounds) -> Pose:
    low, high = bounds.limits.workspace_low_m, bounds.limits.workspace_high_m
    return make_pose(pose[:3, :3], np.clip(pose[:3, 3], low, high))


def _orientation(pose: Pose, bounds: Bounds) -> Pose:
    return make_pose(_upright(pose[:3, :3], bounds.limits.tilt_rad), pose[:3, 3])


def _upright(rotation: Array, most_rad: float) -> Array:
    """The rotation, tilted back towards straight down until it is inside the cone."""
    tool = rotation[:, 2]
    excess = tilt(rotation) - most_rad
    if excess <= 0:
        return rotation
    axis = np.cross(tool, (0.0, 0.0, -1.0))
    length = np.linalg.norm(axis)
    axis = axis / length if length > 1e-9 else rotation[:, 0]
    return from_rotation_vector(axis * excess) @ rotation


def tilt(rotation: Array) -> float:
    """Angle in radians between the tool's z axis and straight down."""
    return float(np.arccos(np.clip(-rotation[2, 2], -1.0, 1.0)))


def _speed(pose: Pose, bounds: Bounds) -> Pose:
    start = bounds.reference[:3, 3]
    step = _shortened(pose[:3, 3] - start, bounds.limits.speed_m_s * bounds.period_s)
    return make_pose(pose[:3, :3], start + step)


def _rotation_speed(pose: Pose, bounds: Bounds) -> Pose:
    """Turns at most so far; the arc may leave the cone, then the last rotation stays."""
    start = bounds.reference[:3, :3]
    most = bounds.limits.rotation_speed_rad_s * bounds.period_s
    wanted = to_rotation_vector(pose[:3, :3] @ start.T)
    if np.linalg.norm(wanted) <= most:
        return pose
    turned = from_rotation_vector(_shortened(wanted, most)) @ start
    cone = max(bounds.limits.tilt_rad, tilt(start)) + _TOLERANCE
    return make_pose(turned if tilt(turned) <= cone else start, pose[:3, 3])


def _shortened(vector: Array, most: float) -> Array:
    length = float(np.linalg.norm(vector))
    return vector if length <= most else vector * (most / length)


def _joint_margin(pose: Pose, bounds: Bounds) -> Pose:
    """Goes only so far towards the target as the joints, to first order, keep their margin."""
    share = _joint_share(pose, bounds)
    if share >= 1.0:
        return pose
    delta = pose_delta(bounds.reference, pose) * share
    rotation = from_rotation_vector(delta[3:]) @ bounds.reference[:3, :3]
    return make_pose(rotation, bounds.reference[:3, 3] + delta[:3])


def _joint_share(pose: Pose, bounds: Bounds) -> float:
    joints, margin = bounds.state.joint_positions_rad, bounds.limits.joint_margin_rad
    columns = panda.jacobian(joints)
    to_joints = columns.T @ np.linalg.inv(columns @ columns.T + _DAMPING * np.eye(6))
    start = joints + to_joints @ pose_delta(bounds.state.ee_pose, bounds.reference)
    motion = to_joints @ pose_delta(bounds.reference, pose)
    up = np.maximum(panda.JOINT_UPPER_RAD - margin - start, 0.0)
    down = np.maximum(start - panda.JOINT_LOWER_RAD - margin, 0.0)
    room = np.where(motion > 0, up, down)
    return float(np.min(room / np.maximum(np.abs(motion), 1e-9), initial=1.0))


def _gripper(gripper: float, bounds: Bounds) -> float:
    if not np.isfinite(gripper):
        gripper = bounds.state.gripper_width_m / panda.HAND_OPENING_M
    return float(min(max(gripper, 0.0), 1.0))


STAGES: tuple[tuple[str, Callable[[Pose, Bounds], Pose]], ...] = (
    ("not a pose", _rigid),
    ("workspace", _workspace),
    ("orientation", _orientation),
    ("speed", _speed),
    ("rotation speed", _rotation_speed),
    ("joint margin", _joint_margin),
)


class LimitedRobot:
    """A robot behind its limits. ``target`` and ``clipped`` tell of the last action."""

    def __init__(self, robot: Robot, limits: Limits, period_s: float) -> None:
        self._robot, self._limits, self._period_s = robot, limits, period_s
        self._state: RobotState | None = None
        self.target: Action | None = None
        self.clipped: tuple[str, ...] = ()

    def __enter__(self) -> "LimitedRobot":
        self._robot.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._robot.__exit__(*error)

    def read(self) -> RobotState:
        """The newest reading; the next action is judged against it."""
        self._state = self._robot.read()
        return self._state

    def apply(self, action: Action) -> Action:
        """Send what the limits leave of ``action``; returns that."""
        state = self._state or self.read()
        reference = self.target.ee_pose if self.target else state.ee_pose
        bounds = Bounds(
            limits=self._limits, period_s=self._period_s, reference=reference, state=state
        )
        allowed, self.clipped = limit(action, bounds)
        self.target = self._robot.apply(allowed)
        return self.target

    def stop(self) -> None:
        """Hold the measured pose at once; the hand keeps its grip."""
        self._robot.stop()
        if self.target is not None and self._state is not None:
            self.target = replace(self.target, ee_pose=self._state.ee_pose)

    def acknowledge(self) -> None:
        """A person saw the robot's error: clear it, and start over from where the arm is."""
        self._robot.acknowledge()
        self.forget()

    def forget(self) -> None:
        """Start over from the measured pose, as after a new scene."""
        self.target = None
