"""Franka's arms: one set of kinematics, and for each what its maker publishes as its limits.

The figures are those of the Franka Control Interface documentation, *Robot limits*. A Panda is
also called Franka Emika Robot (FER); an FR3 is a Franka Research 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from . import panda
from .rotations import Array

ArmName: TypeAlias = Literal["panda", "fr3"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Envelope:
    """Speeds that become lower towards a joint's ends: there, by ``sqrt(2 · deceleration · way)
    less ``offset``, (7,) each, where the way is counted to a little beyond the end."""

    offset_rad_s: Array
    deceleration_rad_s2: Array
    below_rad: Array  # how far beyond the lower end
    above_rad: Array  # … and the upper

    def speed_rad_s(self, way_rad: Array, beyond_rad: Array) -> Array:
        """What joints may have at most whose ends are so far away (7,), and a little beyond."""
        ahead = np.maximum(way_rad + beyond_rad, 0.0)
        fastest = np.sqrt(2.0 * self.deceleration_rad_s2 * ahead) - self.offset_rad_s
        return np.maximum(fastest, 0.0)

    def braking_rad_s2(self, margin_rad: float, speed_rad_s: Array) -> Array:
        """How hard each joint (7,) may brake at most, so that one that comes to rest ``margin``
        before its end is nowhere above these speeds, and nowhere above its own (7,)."""
        sides = [margin_rad + beyond for beyond in (self.below_rad, self.above_rad)]
        return np.min([self._braking(spare, speed_rad_s) for spare in sides], axis=0)

    def _braking(self, spare_rad: Array, speed_rad_s: Array) -> Array:
        """The smallest of v² / 2d over all ways d to where it comes to rest, where v is what the
        envelope allows there: it lies where v is this, or at the joint's own speed."""
        twice = 2.0 * self.deceleration_rad_s2
        lowest = twice * spare_rad / self.offset_rad_s - self.offset_rad_s
        speed = np.clip(lowest, 1e-3, speed_rad_s)
        way = (speed + self.offset_rad_s) ** 2 / twice - spare_rad
        return speed**2 / (2.0 * way)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arm:
    """The published limits of one arm, (7,) each, and those of its hand."""

    lower_rad: Array
    upper_rad: Array
    speed_rad_s: Array
    acceleration_rad_s2: Array
    jerk_rad_s3: Array
    hand_speed_m_s: float
    hand_acceleration_m_s2: float
    hand_turn_rad_s: float
    envelope: Envelope | None = None

    def speeds_at(self, joints_rad: Array) -> tuple[Array, Array]:
        """How fast the joints (7,) may turn down and up (7,) each, where they are."""
        if self.envelope is None:
            return self.speed_rad_s, self.speed_rad_s
        down = self.envelope.speed_rad_s(joints_rad - self.lower_rad, self.envelope.below_rad)
        up = self.envelope.speed_rad_s(self.upper_rad - joints_rad, self.envelope.above_rad)
        return np.minimum(down, self.speed_rad_s), np.minimum(up, self.speed_rad_s)

    def braking_rad_s2(self, margin_rad: float) -> Array:
        """How hard each joint (7,) may count on braking before its end."""
        if self.envelope is None:
            return self.acceleration_rad_s2
        allowed = self.envelope.braking_rad_s2(margin_rad, self.speed_rad_s)
        return np.minimum(self.acceleration_rad_s2, allowed)


PANDA = Arm(
    lower_rad=panda.JOINT_LOWER_RAD,
    upper_rad=panda.JOINT_UPPER_RAD,
    speed_rad_s=panda.JOINT_SPEED_RAD_S,
    acceleration_rad_s2=panda.JOINT_ACCELERATION_RAD_S2,
    jerk_rad_s3=panda.JOINT_JERK_RAD_S3,
    hand_speed_m_s=panda.EE_SPEED_M_S,
    hand_acceleration_m_s2=panda.EE_ACCELERATION_M_S2,
    hand_turn_rad_s=panda.EE_TURN_RAD_S,
)
FR3 = Arm(
    lower_rad=np.array([-2.7437, -1.7837, -2.9007, -3.0421, -2.8065, 0.5445, -3.0159]),
    upper_rad=np.array([2.7437, 1.7837, 2.9007, -0.1518, 2.8065, 4.5169, 3.0159]),
    speed_rad_s=np.array([2.62, 2.62, 2.62, 2.62, 5.26, 4.18, 5.26]),
    acceleration_rad_s2=np.full(7, 10.0),
    jerk_rad_s3=np.full(7, 5000.0),
    hand_speed_m_s=3.0,
    hand_acceleration_m_s2=9.0,
    hand_turn_rad_s=2.5,
    envelope=Envelope(
        offset_rad_s=np.array([0.30, 0.20, 0.20, 0.30, 0.35, 0.35, 0.35]),
        deceleration_rad_s2=np.array([6.0, 2.585, 3.5, 4.0, 17.0, 5.5, 17.0]),
        below_rad=np.array([0.0064, 0.0081, 0.0058, 0.0060, 0.0036, 0.00358, 0.0037]),
        above_rad=np.array([0.0064, 0.0081, 0.0058, 0.0060, 0.0036, 0.0036, 0.0037]),
    ),
)
ARMS: Mapping[ArmName, Arm] = {"panda": PANDA, "fr3": FR3}
