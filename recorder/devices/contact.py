"""What the arm meets, seen in where the hand is beside where it was commanded to be."""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Pose
from ...geometry.arm_motion import lengths
from ...geometry.kinematics import Kinematics
from ...geometry.poses import apply_delta, pose_delta
from ...geometry.rotations import Array
from .interfaces import RobotState

Place = NDArray[np.float64]  # (3,), in metres

LEAD_M, LEAD_RAD = 0.05, 0.3  # how far a target may be ahead of what is commanded
PRESS_RAD_PER_M = 6.0  # how far the hand may be turned aside, beside how far it may be moved
LAG_S = 0.05  # that the measured arm may be behind what is commanded
SLOWEST = 0.1  # of its speed, where the hand is pushed off its way …
CREEP_M_S, CREEP_RAD_S = 0.04, 0.4  # … which is this at least
TOUCHED = 0.25  # of as far as it may be pushed: that something is in the way is said


class Contact:
    """Keeps targets near the arm, so that it presses no harder than it may, does not spring away
    once it slips, and turns back at once."""

    def __init__(self, kinematics: Kinematics, press_m: float, period_s: float) -> None:
        self._kinematics = kinematics
        self._press = press_m * np.array([1.0, PRESS_RAD_PER_M])
        self._ahead_s = period_s + LAG_S  # of what is measured, where the arm moves freely
        self._creep = np.array([CREEP_M_S, CREEP_RAD_S]) * period_s
        self._way: deque[Place] = deque(maxlen=math.ceil(LAG_S / period_s) + 3)
        self.touched = False

    def within_reach(self, target: Pose, asked: Array, commanded: Pose, state: RobotState) -> Pose:
        """The target (4, 4), which was ``asked`` to move and turn so far (2,): not far ahead of
        what is ``commanded`` (4, 4), nearer the farther the hand is off its way, and not far
        ahead of what is measured."""
        self._way.append(commanded[:3, 3])
        close = near(commanded, target, self._lead(asked, commanded, target, state))
        columns = self._kinematics.jacobian(state.joint_positions_rad)
        speed = columns @ state.joint_velocities_rad_s
        return near(state.ee_pose, close, self._press + self._ahead_s * lengths(speed))

    def _lead(self, asked: Array, commanded: Pose, target: Pose, state: RobotState) -> Array:
        """How far the target may be ahead (2,), in metres and radians."""
        place = state.ee_pose[:3, 3]
        pushed = _off_way_m(place, list(self._way)) / float(self._press[0])
        self.touched = pushed > TOUCHED
        if not self.touched or _goes_back(place - commanded[:3, 3], (target - commanded)[:3, 3]):
            return np.array([LEAD_M, LEAD_RAD])
        return max(SLOWEST, 1.0 - pushed) * np.maximum(asked, self._creep)


def _goes_back(back: Place, move: Place) -> bool:
    """Whether a move is one to where the hand is, within 60 degrees."""
    return bool(move @ back > 0.5 * np.linalg.norm(move) * np.linalg.norm(back))


def _off_way_m(place: Place, way: list[Place]) -> float:
    """How far a place is from a way through places: an arm that lags is behind on its way, one
    that is pushed is beside it."""
    ends = zip(way[:-1] or way, way[1:] or way, strict=True)
    return min(_off_m(place, start, end) for start, end in ends)


def _off_m(place: Place, start: Place, end: Place) -> float:
    along = end - start
    square = float(along @ along)
    share = float(np.clip((place - start) @ along / square, 0.0, 1.0)) if square else 0.0
    return float(np.linalg.norm(place - start - share * along))


def near(pose: Pose, target: Pose, most: NDArray[np.float64]) -> Pose:
    """The target, or where the way to it is as long as it may be: metres and radians (2,)."""
    delta = pose_delta(pose, target)
    far = float((np.array(lengths(delta)) / most).max())
    return target if far <= 1.0 else apply_delta(pose, delta / far)
