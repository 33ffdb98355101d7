"""Joints that follow a moving goal within limits of speed, acceleration and jerk, and that can
always stop in time: before their ends, and where the goal comes to rest.

What it gives are the control points of a ``JointSpline``, whose curve keeps to what they keep to.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arms import ARMS, Arm, ArmName
from .rotations import Array

MARGIN, SPEED, ACCELERATION = "joint margin", "joint speed", "joint acceleration"
HAND = "hand acceleration"
TOLERANCE_RAD = 1e-6
STILL = np.zeros(7)

Ends = tuple[Array, Array]  # lowest and highest joint angles, (7,) each


@dataclass(frozen=True, slots=True, kw_only=True)
class JointLimits:
    """What the joints are asked for at most; what Franka publishes of its arm is the ceiling."""

    arm: ArmName = "panda"
    share: float = 0.95
    """Of the published accelerations and speeds."""
    margin_rad: float = 0.1
    """Kept to the ends of each joint."""

    @property
    def published(self) -> Arm:
        """Its arm."""
        return ARMS[self.arm]

    def fastest_rad(self, period_s: float) -> Array:
        """The longest step (7,) in one period."""
        return self.share * self.published.speed_rad_s * period_s

    def hand_change_m(self, period_s: float) -> float:
        """By how much the hand's way in one period may differ from the last one. The Jacobian
        stands for some points, so some is left for what it changes meanwhile."""
        return 0.85 * self.share * self.published.hand_acceleration_m_s2 * period_s**2

    def change_rad(self, period_s: float) -> Array:
        """By how much a step (7,) may differ from the last one. Two opposite changes are the
        largest jerk, so at high rates it is the jerk that limits the acceleration."""
        by_jerk = self.published.jerk_rad_s3 * period_s / 2
        most = np.minimum(self.published.acceleration_rad_s2, by_jerk)
        return self.share * most * period_s**2

    def braking_rad(self, period_s: float) -> Array:
        """The same where a joint has to stop before its end."""
        braking = self.published.braking_rad_s2(self.margin_rad)
        return np.minimum(self.change_rad(period_s), self.share * braking * period_s**2)


@dataclass(frozen=True, slots=True)
class HandAcceleration:
    """How much the hand's velocity may change from one period to the next, in metres a period."""

    columns: Array  # (3, 7), the Jacobian's linear rows
    drift_m: Array  # (3,), the change that comes of the arm's turning alone
    most_m: float

    def share(self, needed_rad: Array, wanted_rad: Array) -> float:
        """How much (0 … 1) of a wanted change (7,) of the joints' steps there is room for beside
        the one that is needed (7,)."""
        base = self.columns @ needed_rad + self.drift_m
        return _share(base, self.columns @ wanted_rad, self.most_m)

    def no_faster(self, before_rad: Array, aim_rad: Array, even_rad: Array, more: Array) -> float:
        """How much (0 … 1) of ``more`` (7,) can be added to a step ``even_rad`` (7,), with the
        hand no faster than at the step before (7,) and the one aimed at (7,)."""
        most = max(float(np.linalg.norm(self.columns @ each)) for each in (before_rad, aim_rad))
        return _share(self.columns @ even_rad, self.columns @ more, most)


def _share(base: Array, more: Array, most: float) -> float:
    """How much (0 … 1) of ``more`` (3,) fits beside ``base`` (3,) into a length."""
    room = most**2 - base @ base
    along, square = float(base @ more), float(more @ more)
    if square + 2 * along <= room:
        return 1.0
    if room <= 0.0 or square == 0.0:
        return 0.0
    return float((np.sqrt(along**2 + square * room) - along) / square)


class JointTracker:
    """Gives one control point after another. ``joints_rad`` is the last one, ``step_rad`` the way
    to it, and ``clipped`` names the limits that were met since it was emptied. It begins at joint
    angles (7,), with the speeds (7,) that the joints have there."""

    def __init__(
        self,
        joints_rad: ArrayLike,
        limits: JointLimits,
        period_s: float,
        speeds_rad_s: ArrayLike = STILL,
    ) -> None:
        self.fastest_rad = limits.fastest_rad(period_s)
        moved = np.asarray(speeds_rad_s, np.float64) * period_s
        self.step_rad = np.clip(moved, -self.fastest_rad, self.fastest_rad)
        self.joints_rad = np.asarray(joints_rad, np.float64) + self.step_rad
        self.clipped: set[str] = set()
        self._change = limits.change_rad(period_s)
        self._braking = limits.braking_rad(period_s)
        self._low_rad = limits.published.lower_rad + limits.margin_rad
        self._high_rad = limits.published.upper_rad - limits.margin_rad
        self._stops: Array | None = None  # (2, 7), the longest steps down and up from here

    def ends(self) -> Ends:
        """Where each joint may go; from outside its margin it may come back in."""
        low = np.minimum(self._low_rad, self.joints_rad)
        high = np.maximum(self._high_rad, self.joints_rad)
        return low, high

    def aim(self, goal_rad: Array, moves_rad: Array, ends: Ends) -> Array:
        """The step (7,) that comes up with a goal (7,), which itself ``moves_rad`` (7,) a point,
        and does not run past it, or past the joints' ends, where it can be stopped in time."""
        behind = goal_rad - self.joints_rad - moves_rad
        aim = moves_rad + np.sign(behind) * _stopping_step(np.abs(behind), self._change)
        slower = max(1.0, float((np.abs(aim) / self.fastest_rad).max()))
        return self._stoppable(self._clip(SPEED, aim, aim / slower if slower > 1.0 else aim), ends)

    def advance(self, aim_rad: Array, ends: Ends, hand: HandAcceleration) -> Array:
        """The next control point (7,), as near to ``aim_rad`` from the last as may be. Joints
        that have to stop in time come before the hand's limit."""
        aim = self._stoppable(aim_rad, ends)
        most = self._change
        needed = np.clip(self._within_stops(self.step_rad, ends) - self.step_rad, -most, most)
        change = self._clip(ACCELERATION, aim - self.step_rad, self._towards(aim, needed, hand))
        eased = needed + hand.share(needed, change - needed) * (change - needed)
        self.step_rad = self.step_rad + self._clip(HAND, change, eased)
        self.joints_rad = self.joints_rad + self.step_rad
        self._stops = None
        return self.joints_rad

    def _towards(self, aim: Array, needed: Array, hand: HandAcceleration) -> Array:
        """The change (7,) of the step towards ``aim`` (7,): each joint's as large as it may be,
        or all in the same proportion where that would make the hand faster than it was and
        than is aimed at."""
        wanted = aim - self.step_rad
        room = np.where(wanted > needed, self._change - needed, self._change + needed)
        most = np.maximum(np.abs(wanted - needed), 1e-12)
        even = needed + float(np.min(room / most, initial=1.0)) * (wanted - needed)
        more = np.clip(wanted, -self._change, self._change) - even
        return even + more * hand.no_faster(self.step_rad, aim, self.step_rad + even, more)

    def _stoppable(self, aim: Array, ends: Ends) -> Array:
        return self._clip(MARGIN, aim, self._within_stops(aim, ends))

    def _within_stops(self, step_rad: Array, ends: Ends) -> Array:
        """The step (7,), where it is too long to stop before the joints' ends, shortened."""
        if self._stops is None:
            room = np.stack([self.joints_rad - ends[0], ends[1] - self.joints_rad])
            self._stops = _stopping_step(room, self._braking)
        down, up = self._stops
        return np.clip(step_rad, -down, up)

    def _clip(self, name: str, aim: Array, allowed: Array) -> Array:
        if allowed is not aim and np.abs(allowed - aim).max() > TOLERANCE_RAD:
            self.clipped.add(name)
        return allowed


def _stopping_step(distance: Array, change: Array) -> Array:
    """The longest first step of those that end exactly at ``distance``, when each is shorter
    than the one before by at most ``change``."""
    distance = np.maximum(distance, 0.0)
    whole = np.floor((np.sqrt(1.0 + 8.0 * distance / change) - 1.0) / 2.0)
    part = (distance / change - whole * (whole + 1) / 2) / (whole + 1)
    return (whole + part) * change
