"""Bodies as capsules: all points that are within a radius of a line segment."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .rotations import Array

_TINY = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Capsules:
    """Capsules in one frame of reference."""

    start_m: Array  # (n, 3)
    end_m: Array  # (n, 3)
    radius_m: Array  # (n,)

    @classmethod
    def of(cls, rows: Sequence[tuple[ArrayLike, ArrayLike, float]]) -> "Capsules":
        """Of start, end and radius of each."""
        ends = np.array([(start, end) for start, end, _ in rows], np.float64).reshape(-1, 2, 3)
        return cls(ends[:, 0], ends[:, 1], np.array([radius for *_, radius in rows], np.float64))

    def __add__(self, other: "Capsules") -> "Capsules":
        return Capsules(
            np.concatenate([self.start_m, other.start_m]),
            np.concatenate([self.end_m, other.end_m]),
            np.concatenate([self.radius_m, other.radius_m]),
        )

    def moved(self, pose: Array) -> "Capsules":
        """Those of a frame with that pose (4, 4), in the frame that the pose is in."""
        turn, place = pose[:3, :3].T, pose[:3, 3]
        return Capsules(self.start_m @ turn + place, self.end_m @ turn + place, self.radius_m)

    def hide(self, eye: Array, points: ArrayLike, grown_m: float = 0.0) -> NDArray[np.bool_]:
        """Which of the points (…, 3) any of them, ``grown_m`` thicker, hides from an eye (3,)."""
        points = np.asarray(points, np.float64)
        gap_m = _distances(eye, points.reshape(-1, 1, 3), self.start_m, self.end_m)
        hides = gap_m < self.radius_m + grown_m
        return np.any(hides, axis=-1).reshape(points.shape[:-1])


def _distances(eye: Array, points: Array, start: Array, end: Array) -> Array:
    """The distance (m, n) of each segment from the eye to a point (m, 1, 3) from each segment
    (n, 3); Ericson, Real-Time Collision Detection (2005), section 5.1.9."""
    sight, axis, between = points - eye, end - start, eye - start
    a, e = (sight**2).sum(-1), (axis**2).sum(-1)
    b, c, f = (sight * axis).sum(-1), (sight * between).sum(-1), (axis * between).sum(-1)
    along = np.clip((b * f - c * e) / np.maximum(a * e - b * b, _TINY), 0.0, 1.0)
    across = np.clip((b * along + f) / np.maximum(e, _TINY), 0.0, 1.0)
    along = np.clip((b * across - c) / np.maximum(a, _TINY), 0.0, 1.0)
    apart = between + along[..., None] * sight - across[..., None] * axis
    return np.linalg.norm(apart, axis=-1)
