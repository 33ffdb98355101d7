"""What makes a Franka stop by itself: commands that break its limits, and too hard a touch.

The limits are the published ones (Franka Control Interface documentation, "Robot and interface
specifications"); libfranka's own rate limiter keeps just inside them.
"""

from dataclasses import dataclass, field

import numpy as np

from ...geometry.arms import Arm
from ...geometry.panda import JOINT_TORQUE_NM
from ...geometry.rotations import Array
from .arm import STEP_S
from .wire import Fault

TORQUE_RATE_NM_S = 1000.0
MEASURED_SHARE = 1.1  # of the speed that may be commanded, at which the robot stops
SLACK = 1.0 + 1e-3  # for what was rounded on its way


@dataclass(slots=True)
class Thresholds:
    """Above which the robot takes a touch for a collision."""

    torques_nm: Array = field(default_factory=lambda: np.full(7, 20.0))
    wrench: Array = field(default_factory=lambda: np.full(6, 20.0))  # N and N m


class JointCommands:
    """Judges joint positions that are commanded one after another."""

    def __init__(self, joints_rad: Array, arm: Arm) -> None:
        self._arm = arm
        self._joints, self._speed = joints_rad.copy(), np.zeros(7)
        self._acceleration = np.zeros(7)

    @property
    def speeds_rad_s(self) -> Array:
        return self._speed

    def judge(self, joints_rad: Array) -> Fault | None:
        """What is wrong with the next one."""
        speed = (joints_rad - self._joints) / STEP_S
        acceleration = (speed - self._speed) / STEP_S
        jerk = (acceleration - self._acceleration) / STEP_S
        self._joints, self._speed, self._acceleration = joints_rad.copy(), speed, acceleration
        arm = self._arm
        if _beyond(joints_rad, arm):
            return Fault.JOINT_GENERATOR_POSITION_LIMITS
        if _too_fast(joints_rad, speed, arm, 1.0):
            return Fault.JOINT_GENERATOR_VELOCITY_LIMITS
        if _above(acceleration, arm.acceleration_rad_s2):
            return Fault.JOINT_GENERATOR_VELOCITY_DISCONTINUITY
        if _above(jerk, arm.jerk_rad_s3):
            return Fault.JOINT_GENERATOR_ACCELERATION_DISCONTINUITY
        return None


def judge_torques(before_nm: Array, torques_nm: Array) -> Fault | None:
    """What is wrong with torques that come a millisecond after others."""
    if not np.all(np.isfinite(torques_nm)) or _above(torques_nm, JOINT_TORQUE_NM):
        return Fault.TORQUE_RANGE
    if _above(torques_nm - before_nm, TORQUE_RATE_NM_S * STEP_S):
        return Fault.TORQUE_DISCONTINUITY
    return None


def judge_arm(joints_rad: Array, speeds_rad_s: Array, arm: Arm) -> Fault | None:
    """What is wrong with how the arm stands and moves."""
    if _beyond(joints_rad, arm):
        return Fault.JOINT_POSITION_LIMITS
    if _too_fast(joints_rad, speeds_rad_s, arm, MEASURED_SHARE):
        return Fault.JOINT_VELOCITY
    return None


def _beyond(joints_rad: Array, arm: Arm) -> bool:
    return bool(np.any((joints_rad < arm.lower_rad) | (joints_rad > arm.upper_rad)))


def _too_fast(joints_rad: Array, speeds_rad_s: Array, arm: Arm, share: float) -> bool:
    """An FR3 has to be slower towards the ends of its joints."""
    down, up = arm.speeds_at(joints_rad)
    most = share * SLACK * np.where(speeds_rad_s < 0, down, up)
    return bool(np.any(np.abs(speeds_rad_s) > most))


def judge_touch(torques_nm: Array, wrench: Array, thresholds: Thresholds) -> Fault | None:
    """Whether what presses on the arm is a collision."""
    if _above(torques_nm, thresholds.torques_nm):
        return Fault.JOINT_REFLEX
    if _above(wrench, thresholds.wrench):
        return Fault.CARTESIAN_REFLEX
    return None


def _above(values: Array, most: Array | float) -> bool:
    return bool(np.any(np.abs(values) > SLACK * most))
