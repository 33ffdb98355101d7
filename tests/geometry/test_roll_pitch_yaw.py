"""Roll, pitch and yaw are turns about the fixed axes, one after the other."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from teachloop.geometry.roll_pitch_yaw import from_roll_pitch_yaw, to_roll_pitch_yaw
from teachloop.geometry.rotations import from_rotation_vector


def turned(angles: np.ndarray) -> np.ndarray:
    """The matrix of roll, pitch and yaw."""
    x, y, z = from_rotation_vector(np.diag(angles))
    return z @ y @ x


def test_angles_come_back() -> None:
    random = np.random.default_rng(0)
    angles = random.uniform(-1, 1, (500, 3)) * [np.pi, np.pi / 2 - 1e-3, np.pi]
    matrices = np.array([turned(each) for each in angles])
    assert_allclose(to_roll_pitch_yaw(matrices), angles, atol=1e-9)
    assert_allclose(to_roll_pitch_yaw(matrices[0]), angles[0], atol=1e-9)
    assert_allclose(from_roll_pitch_yaw(angles), matrices, atol=1e-12)


@pytest.mark.parametrize("pitch", [np.pi / 2, -np.pi / 2])
def test_where_two_axes_are_one_the_rotation_is_kept(pitch: float) -> None:
    matrix = turned(np.array([0.4, pitch, -0.9]))
    angles = to_roll_pitch_yaw(matrix)
    assert angles[2] == 0.0
    assert_allclose(turned(angles), matrix, atol=1e-9)


def test_a_quarter_about_z_is_a_yaw() -> None:
    quarter = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    assert_allclose(to_roll_pitch_yaw(quarter), [0, 0, np.pi / 2], atol=1e-12)


def test_angles_are_those_of_scipy() -> None:
    """``Rotation.from_euler("xyz", [0.1, 0.2, 0.3]).as_matrix()`` of scipy."""
    found = from_roll_pitch_yaw([0.1, 0.2, 0.3])
    wanted = [
        [0.93629336, -0.27509585, 0.21835066],
        [0.28962948, 0.95642509, -0.03695701],
        [-0.19866933, 0.0978434, 0.97517033],
    ]
    assert_allclose(found, wanted, atol=1e-8)
