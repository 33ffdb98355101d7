"""What an action may ask for at most, as a pose of the hand.

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
from ...geometry.arms import ArmName
from ...geometry.joint_tracker import JointLimits
from ...geometry.poses import make_pose
from ...geometry.rotations import Array, from_rotation_vector, to_rotation_vector
from .interfaces import RobotState

Metres = Annotated[float, Field(allow_inf_nan=False)]
Corner = tuple[Metres, Metres, Metres]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]

_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The box, speeds and angles that hold for every action."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")  # in a station's settings

    arm: ArmName = "panda"
    """Whose published limits hold for the joints: panda, or fr3 for a Franka Research 3."""
    workspace_low_m: Corner = (0.20, -0.50, 0.0)
    workspace_high_m: Corner = (0.80, 0.50, 0.70)
    speed_m_s: Positive = 0.6
    rotation_speed_rad_s: Positive = 2.5
    tilt_rad: Annotated[float, Field(ge=0, le=np.pi)] = 1.0
    """Largest angle between the tool's z axis and straight down."""
    joint_margin_rad: Annotated[float, Field(ge=0, le=1)] = 0.1
    joint_share: Annotated[float, Field(gt=0, le=1)] = 0.95
    """Of the speeds and accelerations that Franka publishes for each joint."""
    press_m: Annotated[float, Field(gt=0, le=0.1, allow_inf_nan=False)] = 0.008
    """How far the hand may be pushed off its way, and so how hard it presses; an arm that is
    held softly gives way farther."""

    def __post_init__(self) -> None:
        for axis, low, high in zip("xyz", self.workspace_low_m, self.workspace_high_m, strict=True):
            if not low < high:
                raise ValueError(f"must be a box; its {axis} goes from {low:g} to {high:g} m")

    @property
    def joints(self) -> JointLimits:
        """What holds for each joint, after inverse kinematics."""
        share, margin_rad = self.joint_share, self.joint_margin_rad
        return JointLimits(arm=self.arm, share=share, margin_rad=margin_rad)

    def to_dict(self) -> dict[str, dict[str, float | list[float]]]:
        """Name of each limit, as it is recorded when it clips, to its values; for a take."""
        joints = self.joints.published
        return {
            "not a pose": {},
            "workspace": {
                "low_m": list(self.workspace_low_m),
                "high_m": list(self.workspace_high_m),
            },
            "orientation": {"tilt_rad": self.tilt_rad},
            "speed": {"m_s": self.speed_m_s},
            "rotation speed": {"rad_s": self.rotation_speed_rad_s},
            "joint margin": {
                "rad": self.joint_margin_rad,
                "lower_rad": joints.lower_rad.tolist(),
                "upper_rad": joints.upper_rad.tolist(),
            },
            "contact": {"press_m": self.press_m},
            "gripper": {"low": 0.0, "high": 1.0},
            "joint speed": {"share": self.joint_share, "rad_s": joints.speed_rad_s.tolist()},
            "joint acceleration": {
                "share": self.joint_share,
                "rad_s2": joints.acceleration_rad_s2.tolist(),
            },
            "hand acceleration": {"share": self.joint_share},
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
        if not (np.abs(allowed - pose) <= _TOLERANCE).all():  # nor where it is no number
            clipped.append(name)
        pose = allowed
    gripper = _gripper(requested.gripper, bounds)
    if gripper != requested.gripper:
        clipped.append("gripper")
    return replace(requested, ee_pose=pose, gripper=gripper), tuple(clipped)


def confined(pose: Pose, limits: Limits) -> Pose:
    """The nearest pose (4, 4) inside the box, tilted back into the cone."""
    low, high = limits.workspace_low_m, limits.workspace_high_m
    return make_pose(_upright(pose[:3, :3], limits.tilt_rad), np.clip(pose[:3, 3], low, high))


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


def _gripper(gripper: float | None, bounds: Bounds) -> float | None:
    """One that is no number stays as it is."""
    if gripper is None or not np.isfinite(gripper):
        return None if gripper is None else bounds.state.gripper
    return float(min(max(gripper, 0.0), 1.0))


STAGES: tuple[tuple[str, Callable[[Pose, Bounds], Pose]], ...] = (
    ("not a pose", _rigid),
    ("workspace", _workspace),
    ("orientation", _orientation),
    ("speed", _speed),
    ("rotation speed", _rotation_speed),
)
