"""From where the hand should be at the next tick to how the arm gets there: inverse kinematics,
then joints that keep to their limits.

A tick's way is given in points about 5 ms apart, which are those of a ``JointSpline``: its curve
is one such step behind its points, so the finer they are, the less the arm lags.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from .joint_tracker import STILL, Ends, HandAcceleration, JointLimits, JointTracker
from .kinematics import Kinematics
from .panda import HOME_JOINTS_RAD
from .poses import pose_delta
from .rotations import Array

POINT_S = 0.005
LOOK_POINTS = 2  # for so many the hand's limit stays as it is
SINGULAR = 0.1  # the Jacobian's smallest singular value, below which the arm slows down
SLOWEST = 0.25  # of its speed, in a singularity
DAMPING = 0.1
POSTURE_GAIN = 0.05
CATCH_UP = 1.06  # how much faster than its target the hand may go to come up with it
CREEP_M_S = 0.04  # … and how fast after the target came to rest
TURN_RAD_S = 2.0  # how fast it may turn to come up with it; less would hold up the way as well


class ArmMotion:
    """Each tick's control points (points, 7), the last of which is for the tick's end."""

    def __init__(
        self,
        kinematics: Kinematics,
        joints_rad: ArrayLike,
        limits: JointLimits,
        period_s: float,
        speeds_rad_s: ArrayLike = STILL,
    ) -> None:
        self._kinematics = kinematics
        self._points = max(1, round(period_s / POINT_S))
        self._period_s = period_s
        self._tracker = JointTracker(joints_rad, limits, period_s / self._points, speeds_rad_s)
        self._hand_change_m = limits.hand_change_m(period_s / self._points)
        self._hand = self._hand_now()
        arm = limits.published
        fastest = np.array([arm.hand_speed_m_s, arm.hand_turn_rad_s])
        self._farthest = 0.85 * limits.share * period_s * fastest
        self._goal: Array | None = None
        self._pace = np.zeros(2)  # metres and radians a tick that the goal moves

    @property
    def joints_rad(self) -> Array:
        """Joint angles (7,) at the last control point."""
        return self._tracker.joints_rad

    @property
    def step_rad(self) -> Array:
        """The way (7,) to the last control point."""
        return self._tracker.step_rad

    @property
    def clipped(self) -> tuple[str, ...]:
        """The limits that were met in the last tick."""
        return tuple(sorted(self._tracker.clipped))

    @property
    def still(self) -> bool:
        """Whether nothing moves that was commanded."""
        return not np.any(self._tracker.step_rad)

    @property
    def pose(self) -> Array:
        """Where the hand is (4, 4) at the last control point."""
        return self._kinematics.forward(self.joints_rad)

    def towards(self, goal: Array, asked: Array | None = None) -> Array:
        """A tick's control points (points, 7) on the way to a pose (4, 4) of the hand. Where the
        goal was not asked for as it is: how far it was asked to move and turn (2,)."""
        columns = self._kinematics.jacobian(self.joints_rad)
        inverse = _damped_inverse(columns)
        away, moved = pose_delta(self.pose, goal), self._follow(goal, asked)
        joints = self.joints_rad + self._resolved(columns, inverse, away)
        return self._play(joints, inverse @ moved, self._tracker.ends(), columns)

    def towards_joints(self, joints_rad: ArrayLike, pace: float = 1.0) -> Array:
        """The same on the way to joint angles (7,) within the margins, with a share of the joints'
        speeds."""
        ends = self._tracker.ends()
        return self._together(np.clip(joints_rad, *ends), ends, pace)

    def keep(self, joints_rad: ArrayLike) -> Array:
        """The same for joint angles that were measured: the arm may have been pushed anywhere."""
        low, high = self._tracker.ends()
        joints = np.asarray(joints_rad, np.float64)
        return self._together(joints, (np.minimum(low, joints), np.maximum(high, joints)))

    def brake(self) -> Array:
        """The same on the way to rest."""
        self._forget_goal()
        ends = self._tracker.ends()
        return np.array([self._advance(n, np.zeros(7), ends) for n in range(self._points)])

    def _advance(self, number: int, aim: Array, ends: Ends) -> Array:
        """The point (7,) of this number in the tick."""
        if number % LOOK_POINTS == 0:
            self._hand = self._hand_now()
        return self._tracker.advance(aim, ends, self._hand)

    def _hand_now(self) -> HandAcceleration:
        """What the hand is allowed as the arm stands: the arm's turning takes its part of it."""
        moves, jacobian = self._tracker.step_rad, self._kinematics.jacobian
        columns, ahead = (jacobian(self.joints_rad + n * moves) for n in (0, LOOK_POINTS))
        drift_m = (ahead - columns)[:3] @ moves / LOOK_POINTS
        return HandAcceleration(columns[:3], drift_m, self._hand_change_m)

    def _forget_goal(self) -> None:
        self._tracker.clipped.clear()
        self._goal, self._pace = None, np.zeros(2)

    def _follow(self, goal: Array, asked: Array | None) -> Array:
        """How the goal moved (6,); what it did lately counts, so that the arm comes up with it."""
        first = self._goal is None
        moved = pose_delta(self.pose if self._goal is None else self._goal, goal)
        pace = lengths(moved) if asked is None else asked
        self._goal, self._pace = goal.copy(), np.maximum(pace, 0.9 * self._pace)
        return np.zeros(6) if first else moved

    def _resolved(self, columns: Array, inverse: Array, away: Array) -> Array:
        """The step (7,) that brings the hand ``away`` (6,), with damping near singularities
        (Nakamura & Hanafusa 1986); joints at their ends are left out, and the others do it."""
        low, high = self._tracker.ends()
        free = np.ones(7, bool)
        step = np.zeros(7)
        while free.any():
            rest = away - columns @ np.where(free, 0.0, step)
            step = np.where(free, self._damped(columns * free, inverse, rest, free), step)
            end = np.clip(self.joints_rad + step, low, high) - self.joints_rad
            passed = free & (end != step)
            if not passed.any():
                break
            step[passed], free = end[passed], free & ~passed
            inverse = _damped_inverse(columns * free)
        return step

    def _damped(self, columns: Array, inverse: Array, away: Array, free: Array) -> Array:
        posture = POSTURE_GAIN * (HOME_JOINTS_RAD - self.joints_rad) * free
        return inverse @ away + posture - inverse @ (columns @ posture)

    def _play(self, goal: Array, moves: Array, ends: Ends, columns: Array) -> Array:
        """Follow the goal (7,), which comes from ``moves`` (7,) before, point by point."""
        tracker, count = self._tracker, self._points
        tracker.clipped.clear()
        most, points = self._most(columns) / count, []
        for number in range(count):
            left = 1.0 - (number + 1) / count
            aim = tracker.aim(goal - moves * left, moves / count, ends)
            hand = lengths(columns @ aim)
            aim = aim * float(np.min(most / np.maximum(hand, 1e-12), initial=1.0))
            points.append(self._advance(number, aim, ends))
        return np.array(points)

    def _most(self, columns: Array) -> Array:
        """How far the hand may move and turn in this tick (2,): little more than its target
        does, less near a singularity, and no farther than a Franka's hand may ever."""
        creep = np.array([CREEP_M_S, TURN_RAD_S]) * self._period_s
        slow = min(1.0, max(SLOWEST, _smallest_singular_value(columns) / SINGULAR))
        return np.minimum(slow * np.maximum(CATCH_UP * self._pace, creep), self._farthest)

    def _together(self, joints: Array, ends: Ends, pace: float = 1.0) -> Array:
        """All joints set out for where they are to be, and arrive, together."""
        self._forget_goal()
        tracker, points = self._tracker, []
        if self.still and np.array_equal(joints, tracker.joints_rad):
            return np.tile(joints, (self._points, 1))
        for number in range(self._points):
            away = joints - tracker.joints_rad
            slower = max(1.0, float((np.abs(away) / (pace * tracker.fastest_rad)).max()))
            aim = tracker.aim(tracker.joints_rad + away / slower, np.zeros(7), ends)
            points.append(self._advance(number, aim, ends))
        return np.array(points)


def _damped_inverse(columns: Array) -> Array:
    damping = 1e-6 + (DAMPING * max(0.0, 1.0 - _smallest_singular_value(columns) / SINGULAR)) ** 2
    return columns.T @ np.linalg.inv(columns @ columns.T + damping * np.eye(6))


def _smallest_singular_value(columns: Array) -> float:
    return float(np.linalg.svd(columns, compute_uv=False)[-1])


def lengths(delta: Array) -> Array:
    """Of a delta (6,): how far it moves and how far it turns."""
    x, y, z, *turn = delta.tolist()
    return np.array([math.hypot(x, y, z), math.hypot(*turn)])
