"""The thread that commands the joints each millisecond, on the way to the newest control points.

It goes by the robot's clock, so that limits hold in the robot's time, whatever this computer does.
"""

import threading
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from ....geometry.joint_tracker import STILL, JointLimits
from ....geometry.kinematics import Kinematics
from ....geometry.point_follower import PointFollower
from ....geometry.rotations import Array

LOOK_S = 0.0005
CATCH_UP_MS = 5
ROUNDED = 1e-9

Command = Callable[[Array, Array], None]  # joint angles and velocities (7,) each
Clock = Callable[[], float]  # the robot's milliseconds


class CommandPlayer:
    """Plays from ``begin`` to ``end``; with nothing new to play, the joints brake and hold."""

    def __init__(
        self,
        command: Command,
        clock: Clock,
        kinematics: Kinematics,
        limits: JointLimits,
        point_s: float,
    ) -> None:
        self._command, self._clock, self._kinematics = command, clock, kinematics
        self._limits, self._point_s = limits, point_s
        self._point_ms = 1000 * point_s
        self._lock = threading.Lock()
        self._follower: PointFollower | None = None
        self._thread: threading.Thread | None = None
        self._playing = threading.Event()

    def begin(self, joints_rad: Array, speeds_rad_s: ArrayLike = STILL) -> None:
        """From these joint angles (7,) on, and the speeds (7,) that they have: first brake."""
        self._follower = PointFollower(
            self._kinematics, joints_rad, self._limits, self._point_s, speeds_rad_s
        )
        self._playing.set()
        self._thread = threading.Thread(target=self._play, args=(self._follower,), daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Command nothing more."""
        self._playing.clear()
        if self._thread is not None:
            self._thread.join()
        self._thread = self._follower = None

    def give(self, points_rad: Array) -> None:
        """A tick's points (points, 7)."""
        with self._lock:
            if self._follower is not None:
                self._follower.give(points_rad)

    def brake(self) -> None:
        """Come to rest."""
        with self._lock:
            if self._follower is not None:
                self._follower.brake()

    def _play(self, follower: PointFollower) -> None:
        now_ms, at_ms = self._clock(), 1.0  # the next command, on its way to a control point
        while self._playing.is_set():
            samples = np.arange(at_ms, self._point_ms + ROUNDED, 1.0)
            with self._lock:
                angles, velocities = follower.play(samples / self._point_ms)
            for joints, speeds in zip(angles, velocities, strict=True):
                self._command(joints, speeds)
                now_ms = self._after(now_ms)
            at_ms += len(samples) - self._point_ms

    def _after(self, now_ms: float) -> float:
        """Wait for the robot's next millisecond; one that is late catches up with a few."""
        while self._playing.is_set() and self._clock() < now_ms + 1.0:
            time.sleep(LOOK_S)
        return max(now_ms + 1.0, self._clock() - CATCH_UP_MS)
