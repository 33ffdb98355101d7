"""A pose as nine numbers, and back."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from teachloop.geometry.poses import from_nine_numbers, make_pose, to_nine_numbers
from teachloop.geometry.rotations import from_rotation_vector


def test_a_pose_comes_back_out_of_its_numbers() -> None:
    turns = np.random.default_rng(0).normal(0, 1, (3, 4, 3))
    poses = make_pose(from_rotation_vector(turns), turns + 0.3)
    assert to_nine_numbers(poses).shape == (3, 4, 9)
    assert_allclose(from_nine_numbers(to_nine_numbers(poses)), poses, atol=1e-12)


def test_they_are_the_position_and_two_columns() -> None:
    pose = make_pose([[0, -1, 0], [1, 0, 0], [0, 0, 1]], [1, 2, 3])
    assert to_nine_numbers(pose).tolist() == [1, 2, 3, 0, 1, 0, -1, 0, 0]


def test_what_is_not_quite_a_rotation_becomes_one() -> None:
    pose = from_nine_numbers([0, 0, 0, 1.1, 0, 0, 0.1, 0.9, 0])
    assert np.linalg.det(pose[:3, :3]) == pytest.approx(1)
    assert_allclose(pose[:3, :3], np.eye(3), atol=1e-12)
