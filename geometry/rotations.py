"""Rotation matrices and rotation vectors (Rodrigues, exponential map of SO(3)).

A rotation is a (3, 3) float64 matrix; a rotation vector is (3,) radians, its direction
the axis and its length the angle. All functions accept leading batch dimensions.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def skew(vector: ArrayLike) -> Array:
    """The matrix (…, 3, 3) whose product with v is the cross product vector × v."""
    x, y, z = np.moveaxis(np.asarray(vector, np.float64), -1, 0)
    zero = np.zeros_like(x)
    rows = [np.stack(row, -1) for row in ((zero, -z, y), (z, zero, -x), (-y, x, zero))]
    return np.stack(rows, -2)


def from_rotation_vector(vector: ArrayLike) -> Array:
    """Rotation vector (…, 3) in radians to matrix (…, 3, 3), by Rodrigues' formula."""
    vector = np.asarray(vector, np.float64)
    angle = np.linalg.norm(vector, axis=-1)[..., None, None]
    k = skew(vector)
    sine = np.sinc(angle / np.pi)  # sin(angle) / angle, and 1 at 0
    cosine = 0.5 * np.sinc(angle / (2 * np.pi)) ** 2  # (1 - cos(angle)) / angle²
    return np.eye(3) + sine * k + cosine * (k @ k)


def to_rotation_vector(matrix: ArrayLike) -> Array:
    """Matrix (…, 3, 3) to rotation vector (…, 3) in radians, angle in [0, π]."""
    w, xyz = _quaternion(np.asarray(matrix, np.float64))
    length = np.linalg.norm(xyz, axis=-1)
    angle = 2 * np.arctan2(length, w)
    scale = np.where(length > 1e-9, angle / np.maximum(length, 1e-12), 2.0)
    return xyz * scale[..., None]


def to_quaternion(matrix: ArrayLike) -> Array:
    """Matrix (…, 3, 3) to unit quaternion (…, 4): x, y, z, w, with w ≥ 0."""
    w, xyz = _quaternion(np.asarray(matrix, np.float64))
    return np.concatenate([xyz, w[..., None]], -1)


def _quaternion(matrix: Array) -> tuple[Array, Array]:
    """Unit quaternion with w ≥ 0, numerically stable at every angle (Bar-Itzhack 2000)."""
    m = matrix
    trace = np.trace(m, axis1=-2, axis2=-1)[..., None, None]
    k = np.zeros((*m.shape[:-2], 4, 4))
    k[..., :3, :3] = m + np.swapaxes(m, -1, -2) - trace * np.eye(3)
    axis = np.stack(
        [m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]], -1
    )
    k[..., :3, 3] = k[..., 3, :3] = axis
    k[..., 3, 3] = trace[..., 0, 0]
    quaternion = np.linalg.eigh(k)[1][..., -1]
    quaternion = quaternion * np.where(quaternion[..., 3:] < 0, -1.0, 1.0)
    return quaternion[..., 3], quaternion[..., :3]
