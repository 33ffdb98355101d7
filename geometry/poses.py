"""Poses as homogeneous (4, 4) matrices, and the deltas between them.

A delta is (6,): translation in metres and rotation vector in radians, both in the base
frame, such that ``apply_delta(a, pose_delta(a, b)) == b``. Rotations are composed, never
subtracted: R_b = exp(rotvec) · R_a.
"""

import numpy as np
from numpy.typing import ArrayLike

from .rotations import Array, from_rotation_vector, to_rotation_vector


def make_pose(rotation: ArrayLike, position: ArrayLike) -> Array:
    """Pose (…, 4, 4) from a rotation matrix (…, 3, 3) and a position (…, 3) in metres."""
    rotation = np.asarray(rotation, np.float64)
    pose = np.zeros((*rotation.shape[:-2], 4, 4))
    pose[..., :3, :3] = rotation
    pose[..., :3, 3] = position
    pose[..., 3, 3] = 1.0
    return pose


def inverse(pose: Array) -> Array:
    """The inverse of a rigid pose (…, 4, 4)."""
    rotation = np.swapaxes(pose[..., :3, :3], -1, -2)
    return make_pose(rotation, -(rotation @ pose[..., :3, 3:])[..., 0])


def pose_delta(start: Array, end: Array) -> Array:
    """The base-frame delta (…, 6) that takes ``start`` to ``end``."""
    rotation = end[..., :3, :3] @ np.swapaxes(start[..., :3, :3], -1, -2)
    return np.concatenate(
        [end[..., :3, 3] - start[..., :3, 3], to_rotation_vector(rotation)], axis=-1
    )


def farthest_apart(poses: Array, others: Array) -> tuple[float, float]:
    """The largest distance, m, and the largest turn, rad, between poses (n, 4, 4) and those of the
    same number among others."""
    delta = pose_delta(poses, others)
    metres, radians = (np.linalg.norm(part, axis=1).max() for part in (delta[:, :3], delta[:, 3:]))
    return float(metres), float(radians)


def apply_delta(start: Array, delta: ArrayLike) -> Array:
    """``start`` (…, 4, 4) moved by a base-frame delta (…, 6)."""
    delta = np.asarray(delta, np.float64)
    rotation = from_rotation_vector(delta[..., 3:]) @ start[..., :3, :3]
    return make_pose(rotation, start[..., :3, 3] + delta[..., :3])


def to_nine_numbers(pose: Array) -> Array:
    """Poses (…, 4, 4) as position and the first two columns of the rotation, (…, 9): without a
    jump anywhere (Zhou et al. 2019, https://arxiv.org/abs/1812.07035)."""
    columns = np.swapaxes(pose[..., :3, :2], -1, -2).reshape(*pose.shape[:-2], 6)
    return np.concatenate([pose[..., :3, 3], columns], -1)


def from_nine_numbers(numbers: ArrayLike) -> Array:
    """Poses (…, 4, 4) out of (…, 9), whose columns need not be quite orthonormal."""
    numbers = np.asarray(numbers, np.float64)
    x, y = numbers[..., 3:6], numbers[..., 6:9]
    x = x / np.linalg.norm(x, axis=-1, keepdims=True)
    y = y - x * (x * y).sum(-1, keepdims=True)
    y = y / np.linalg.norm(y, axis=-1, keepdims=True)
    return make_pose(np.stack([x, y, np.cross(x, y)], -1), numbers[..., :3])
