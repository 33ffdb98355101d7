"""Control points that come once a tick, late, in heaps or not at all, followed within the limits.

Where they come in time, these are the points that are played, one after another. Where none is
there, the joints come to rest at the last one; where more wait than a tick has, the oldest are
left out; and in both cases the joints come up with what is given next as fast as the limits
allow, without a jump.
"""

from collections import deque

from numpy.typing import ArrayLike

from .joint_spline import JointSpline
from .joint_tracker import STILL, HandAcceleration, JointLimits, JointTracker
from .kinematics import Kinematics
from .rotations import Array

AHEAD = 2  # points that wait before the first one is played, so that a late tick does not show


class PointFollower:
    """The joints that a driver commands; ``period_s`` is the way from one point to the next."""

    def __init__(
        self,
        kinematics: Kinematics,
        joints_rad: ArrayLike,
        limits: JointLimits,
        period_s: float,
        speeds_rad_s: ArrayLike = STILL,
    ) -> None:
        self._kinematics = kinematics
        self._tracker = JointTracker(joints_rad, limits, period_s, speeds_rad_s)
        self._spline = JointSpline(joints_rad, self._tracker.step_rad)
        self._period_s = period_s
        self._hand_change_m = limits.hand_change_m(period_s)
        self._points: deque[Array] = deque()
        self._last: Array | None = None  # of the points that were followed
        self._wait = 0

    def give(self, points_rad: Array) -> None:
        """The next tick's points (points, 7)."""
        if not self._points:
            self._wait = AHEAD
        self._points.extend(points_rad)
        while len(self._points) > len(points_rad) + AHEAD:
            self._points.popleft()

    def brake(self) -> None:
        """Come to rest, whatever was given."""
        self._points.clear()
        self._last = None

    def play(self, shares: Array) -> tuple[Array, Array]:
        """Joint angles and velocities (n, 7) at shares (n,) of the way to the next point."""
        point = self._advance()
        angles, velocities, _ = self._spline.play(point[None], shares, self._period_s)
        return angles, velocities

    def _advance(self) -> Array:
        tracker, goal = self._tracker, self._next()
        if goal is None:
            aim = STILL
        else:
            moves = STILL if self._last is None else goal - self._last
            aim = tracker.aim(goal, moves, tracker.ends())
        self._last = goal if goal is not None else self._last
        return tracker.advance(aim, tracker.ends(), self._hand())

    def _next(self) -> Array | None:
        if self._wait > 0:
            self._wait -= 1
            return self._last  # None where there was none yet
        return self._points.popleft() if self._points else self._last

    def _hand(self) -> HandAcceleration:
        tracker, jacobian = self._tracker, self._kinematics.jacobian
        moves = tracker.step_rad
        columns, ahead = (jacobian(tracker.joints_rad + n * moves)[:3] for n in (0, 1))
        return HandAcceleration(columns, (ahead - columns) @ moves, self._hand_change_m)
