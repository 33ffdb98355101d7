"""Observation, Action and Step: what every agent, robot, writer and policy exchanges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ..geometry.camera import Camera
from ..geometry.panda import HAND_OPENING_M

Image = NDArray[np.uint8]  # (height, width, 3) RGB, top row first
Pose = NDArray[np.float64]  # (4, 4), base frame, metres


class Decider(IntEnum):
    """Who decided an action. The numbers are part of the file format."""

    HOLD = 0
    OPERATOR = 1
    SCRIPT = 2
    POLICY = 3
    GUIDED = 4  # a person led the arm by the hand


def opened(width_m: float | None, opening_m: float) -> float | None:
    """A gripper's width as a share of its opening, 0 … 1."""
    return None if width_m is None else min(1.0, max(0.0, width_m / opening_m))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observation:
    """What the station saw at one tick."""

    time_ns: int  # host monotonic clock
    joint_positions_rad: NDArray[np.float64]  # (7,)
    joint_velocities_rad_s: NDArray[np.float64]  # (7,)
    ee_pose: Pose  # measured, of the tool's centre point; z points out of the tool
    gripper_width_m: float | None  # None: there is no gripper
    gripper_opening_m: float = HAND_OPENING_M  # when it is open
    images: Mapping[str, Image] = field(default_factory=dict)  # camera name -> RGB
    image_time_ns: Mapping[str, int] = field(default_factory=dict)
    cameras: Mapping[str, Camera] = field(default_factory=dict)  # calibration at this tick

    @property
    def gripper(self) -> float | None:
        """As actions have it, 1 = open … 0 = closed; None where there is none."""
        return opened(self.gripper_width_m, self.gripper_opening_m)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Action:
    """An absolute target for the next tick."""

    ee_pose: Pose
    gripper: float | None  # 1 = open … 0 = closed; None: there is none
    decided_by: Decider
    joints_rad: NDArray[np.float64] | None = None
    """Joint angles (7,) that are asked for instead of the pose; None for the pose."""
    pace: float = 1.0
    """The share (0 … 1] of the joints' speeds with which these are gone to."""
    points_rad: NDArray[np.float64] | None = None
    """How the arm gets there: joint angles (points, 7), evenly until the next tick, which the
    limits have found; None before."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step:
    """What was seen, what was asked for, and what the limits let through."""

    observation: Observation
    requested: Action
    applied: Action
    clipped: tuple[str, ...] = ()  # names of the limits that changed the request
