"""Rotation matrices and rotation vectors (Rodrigues, exponential map of SO(3)).

A rotation is a (3, 3) float64 matrix; a rotation vector is (3,) radians, its direction
the axis and its length the angle. All functions accept leading batch dimensions. A single
rotation, as the control loop has them several times a tick, goes by plain floats: that takes a
tenth of the time.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
AS_WRITTEN = 1e-3  # by how much rows may miss length 1 and right angles, as numbers are written


def skew(vector: ArrayLike) -> Array:
    """The matrix (…, 3, 3) whose product with v is the cross product vector × v."""
    x, y, z = np.moveaxis(np.asarray(vector, np.float64), -1, 0)
    zero = np.zeros_like(x)
    rows = [np.stack(row, -1) for row in ((zero, -z, y), (z, zero, -x), (-y, x, zero))]
    return np.stack(rows, -2)


def from_rotation_vector(vector: ArrayLike) -> Array:
    """Rotation vector (…, 3) in radians to matrix (…, 3, 3), by Rodrigues' formula."""
    vector = np.asarray(vector, np.float64)
    if vector.ndim == 1:
        return _matrix_of_one(*vector.tolist())
    angle = np.linalg.norm(vector, axis=-1)[..., None, None]
    k = skew(vector)
    sine = np.sinc(angle / np.pi)  # sin(angle) / angle, and 1 at 0
    cosine = 0.5 * np.sinc(angle / (2 * np.pi)) ** 2  # (1 - cos(angle)) / angle²
    return np.eye(3) + sine * k + cosine * (k @ k)


def to_rotation_vector(matrix: ArrayLike) -> Array:
    """Matrix (…, 3, 3) to rotation vector (…, 3) in radians, angle in [0, π]. Raises LinAlgError
    for what is not finite."""
    matrix = np.asarray(matrix, np.float64)
    if matrix.ndim == 2:
        return _vector_of_one(matrix)
    w, xyz = _quaternion(matrix)
    length = np.linalg.norm(xyz, axis=-1)
    angle = 2 * np.arctan2(length, w)
    scale = np.where(length > 1e-9, angle / np.maximum(length, 1e-12), 2.0)
    return xyz * scale[..., None]


def to_quaternion(matrix: ArrayLike) -> Array:
    """Matrix (…, 3, 3) to unit quaternion (…, 4): x, y, z, w, with w ≥ 0."""
    w, xyz = _quaternion(np.asarray(matrix, np.float64))
    return np.concatenate([xyz, w[..., None]], -1)


def from_quaternion(quaternion: ArrayLike) -> Array:
    """Quaternion (…, 4) x, y, z, w, of any length but 0, to matrix (…, 3, 3)."""
    quaternion = np.asarray(quaternion, np.float64)
    length = np.linalg.norm(quaternion, axis=-1, keepdims=True)
    x, y, z, w = np.moveaxis(quaternion / length, -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, -1) for row in rows], -2)


def _matrix_of_one(x: float, y: float, z: float) -> Array:
    square = x * x + y * y + z * z
    half = 0.5 * math.sqrt(square)
    sinc = math.sin(half) / half if half > 1e-9 else 1.0
    s, c = sinc * math.cos(half), 0.5 * sinc * sinc  # sin(angle) / angle, (1 - cos(angle)) / angle²
    rest = 1.0 - c * square
    return np.array(
        [
            [rest + c * x * x, c * x * y - s * z, c * x * z + s * y],
            [c * x * y + s * z, rest + c * y * y, c * y * z - s * x],
            [c * x * z - s * y, c * y * z + s * x, rest + c * z * z],
        ]
    )


def _vector_of_one(matrix: Array) -> Array:
    """By the quaternion, up to its length, from the largest of its parts (Shepperd 1978)."""
    (a, b, c), (d, e, f), (g, h, i) = matrix.tolist()
    largest = max(a + e + i, a, e, i)
    if largest == a + e + i:
        w, x, y, z = 1 + a + e + i, h - f, c - g, d - b
    elif largest == a:
        w, x, y, z = h - f, 1 + a - e - i, b + d, c + g
    elif largest == e:
        w, x, y, z = c - g, b + d, 1 + e - a - i, f + h
    else:
        w, x, y, z = d - b, c + g, f + h, 1 + i - a - e
    length = math.sqrt(x * x + y * y + z * z)
    if not math.isfinite(length + w):
        raise np.linalg.LinAlgError("a rotation that is not finite")
    if length < 1e-12 * abs(w):
        return np.array([x, y, z]) * (2.0 / w)
    scale = 2.0 * math.atan2(length, abs(w)) / length
    return np.array([x, y, z]) * (-scale if w < 0 else scale)


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


def are_rotations(matrices: ArrayLike) -> bool:
    """Whether all of matrices (…, 3, 3) are, as numbers are written: rows of length 1 at right
    angles, and no mirror."""
    turns = np.asarray(matrices, np.float64)
    if not np.isfinite(turns).all():
        return False
    off = turns @ np.swapaxes(turns, -1, -2) - np.eye(3)
    return bool(np.abs(off).max() < AS_WRITTEN and (np.linalg.det(turns) > 0).all())
