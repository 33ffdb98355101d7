"""The thread that commands the joints each millisecond, on the way to the newest control points."""

import threading
import time
from collections.abc import Callable

import numpy as np

from ....geometry.joint_tracker import JointLimits
from ....geometry.point_follower import PointFollower
from ....geometry.rotations import Array

COMMAND_S = 0.001
LIMITS = JointLimits(share=0.99, margin_rad=0.02)  # what is given keeps inside these by itself

Command = Callable[[Array, Array], None]  # joint angles and velocities (7,) each


class CommandPlayer:
    """Plays from ``begin`` to ``end``; with nothing new to play, the joints brake and hold."""

    def __init__(self, command: Command, point_s: float) -> None:
        self._command, self._point_s = command, point_s
        self._lock = threading.Lock()
        self._follower: PointFollower | None = None
        self._thread: threading.Thread | None = None
        self._playing = threading.Event()

    def begin(self, joints_rad: Array) -> None:
        """From these joint angles (7,) on."""
        self._follower = PointFollower(joints_rad, LIMITS, self._point_s)
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
        count = max(1, round(self._point_s / COMMAND_S))
        shares = np.arange(1, count + 1) / count
        due = time.monotonic()
        while self._playing.is_set():
            with self._lock:
                angles, velocities = follower.play(shares)
            for joints, speeds in zip(angles, velocities, strict=True):
                self._command(joints, speeds)
                due = max(due + self._point_s / count, time.monotonic() - self._point_s)
                time.sleep(max(0.0, due - time.monotonic()))
