"""The hand of a person on the robot's: it pushes, or leads it along a way by a soft spring."""

import itertools
from collections.abc import Sequence

import numpy as np

from ...geometry.rotations import Array
from .arm import STEP_S, Arm

SPRING_N_M, DAMPING_NS_M = 400.0, 40.0
STRONGEST_N = 30.0


class Person:
    """Acts on an arm each millisecond, as long as there is something to do."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm
        self._push = np.zeros(6)
        self._pushes_s = 0.0
        self._way = np.zeros((0, 3))

    def push(self, wrench: Array, seconds: float) -> None:
        """Push with a force N and a torque N m (6,), in the base frame."""
        self._push, self._pushes_s = np.asarray(wrench, np.float64), seconds

    def lead(self, points_m: Sequence[Sequence[float]], seconds: float) -> None:
        """Lead the hand from point to point, smoothly, each in so many seconds."""
        share = np.linspace(0.0, 1.0, round(seconds / STEP_S))[1:, None]
        ease = share**2 * (3.0 - 2.0 * share)
        stops = [self._arm.pose[:3, 3], *np.asarray(points_m, np.float64)]
        pairs = itertools.pairwise(stops)
        self._way = np.concatenate([start + ease * (end - start) for start, end in pairs])

    def act(self) -> None:
        """One millisecond."""
        wrench = self._push if self._pushes_s > 0.0 else np.zeros(6)
        self._pushes_s -= STEP_S
        if len(self._way):
            wrench = wrench + self._pull(self._way[0])
            self._way = self._way[1:]
        self._arm.wrench = wrench

    def _pull(self, towards_m: Array) -> Array:
        arm = self._arm
        speed = arm.jacobian[:3] @ arm.speeds_rad_s
        force = SPRING_N_M * (towards_m - arm.pose[:3, 3]) - DAMPING_NS_M * speed
        length = float(np.linalg.norm(force))
        return np.append(force * min(1.0, STRONGEST_N / max(length, 1e-9)), np.zeros(3))
