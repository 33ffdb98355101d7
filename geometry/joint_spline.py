"""The commanded trajectory between two control points: a uniform cubic B-spline of joint angles.

Simulator and drivers play this one curve. Its bounds are those of its control points (de Boor,
"A Practical Guide to Splines", 1978): it stays in their convex hull, and its speed, acceleration
and jerk are nowhere above their first, second and third differences over the period. So what is
limited once a tick is limited at every millisecond. A point is reached one tick after it was
given, and three equal points are a standstill.
"""

import numpy as np
from numpy.typing import ArrayLike

from .rotations import Array

# Rows: powers of the share of the period, 1 … u³. Columns: the four control points, oldest first.
_BASIS = (
    np.array(
        [[1.0, 4.0, 1.0, 0.0], [-3.0, 0.0, 3.0, 0.0], [3.0, -6.0, 3.0, 0.0], [-1.0, 3.0, -3.0, 1.0]]
    )
    / 6.0
)


class JointSpline:
    """Plays control points; starts at joint angles (7,), at rest, or with a step (7,) from one
    point to the next."""

    def __init__(self, joints_rad: ArrayLike, step_rad: ArrayLike = 0.0) -> None:
        joints, step = np.asarray(joints_rad, np.float64), np.asarray(step_rad, np.float64)
        self._last = np.stack([joints - step, joints, joints + step])

    def play(self, points_rad: Array, shares: Array, period_s: float) -> tuple[Array, Array, Array]:
        """Joint angles, velocities and accelerations (n, 7) on the way through further control
        points (points, 7), evenly spread over ``period_s``, at shares (n,) of it, 0 … 1."""
        points = np.concatenate([self._last, points_rad])
        self._last = points[-3:]
        count = len(points_rad)
        place = np.clip(shares * count, 0.0, count)
        first = np.clip(np.ceil(place).astype(int) - 1, 0, count - 1)
        near = points[first[:, None] + np.arange(4)]  # (n, 4, 7)
        share = place - first
        rate = count / period_s
        angles, velocities, accelerations = (
            np.einsum("ni,nij->nj", powers @ _BASIS, near) for powers in _powers(share)
        )
        return angles, velocities * rate, accelerations * rate**2


def _powers(share: Array) -> tuple[Array, Array, Array]:
    """1 … u³ (n, 4), and their first and second derivatives."""
    zero, one = np.zeros_like(share), np.ones_like(share)
    return (
        np.stack([one, share, share**2, share**3], -1),
        np.stack([zero, one, 2 * share, 3 * share**2], -1),
        np.stack([zero, zero, 2 * one, 6 * share], -1),
    )
