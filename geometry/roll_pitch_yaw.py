"""Rotations as roll, pitch and yaw."""

import numpy as np
from numpy.typing import ArrayLike

from .rotations import Array, from_rotation_vector

LOCKED = 1e-9  # cosine of a pitch at which roll and yaw turn about the same axis


def to_roll_pitch_yaw(matrix: ArrayLike) -> Array:
    """Matrix (…, 3, 3) to angles (…, 3) in radians about the fixed x, y and z axes, in this order:
    Rz(yaw) · Ry(pitch) · Rx(roll). Pitch lies in [-π/2, π/2], the others in [-π, π]; where it is
    at an end, yaw is 0."""
    matrix = np.asarray(matrix, np.float64)
    cosine = np.hypot(matrix[..., 0, 0], matrix[..., 1, 0])
    locked = cosine < LOCKED
    roll = np.where(
        locked,
        np.arctan2(-matrix[..., 1, 2], matrix[..., 1, 1]),
        np.arctan2(matrix[..., 2, 1], matrix[..., 2, 2]),
    )
    yaw = np.where(locked, 0.0, np.arctan2(matrix[..., 1, 0], matrix[..., 0, 0]))
    return np.stack([roll, np.arctan2(-matrix[..., 2, 0], cosine), yaw], -1)


def from_roll_pitch_yaw(angles: ArrayLike) -> Array:
    """Angles (…, 3) in radians to matrices (…, 3, 3): the inverse of ``to_roll_pitch_yaw``."""
    angles = np.asarray(angles, np.float64)
    roll, pitch, yaw = (
        from_rotation_vector(angles[..., axis, None] * np.eye(3)[axis]) for axis in range(3)
    )
    return yaw @ pitch @ roll
