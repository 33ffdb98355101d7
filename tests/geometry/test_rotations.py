"""One rotation goes by plain floats, several by arrays: both tell the same."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from teachloop.geometry.rotations import (
    are_rotations,
    from_quaternion,
    from_rotation_vector,
    to_quaternion,
    to_rotation_vector,
)

ANGLES = [0.0, 1e-12, 1e-9, 1e-6, 1e-3, 0.1, 1.0, 2.0, 3.0, 3.14159, np.pi - 1e-9]


@pytest.fixture(params=ANGLES)
def vectors(request: pytest.FixtureRequest) -> np.ndarray:
    """(200, 3) of one length, in all directions."""
    axes = np.random.default_rng(1).normal(size=(200, 3))
    axes[:3] = np.eye(3)
    return request.param * axes / np.linalg.norm(axes, axis=-1, keepdims=True)


def test_a_vector_becomes_the_matrix_that_it_becomes_among_others(vectors: np.ndarray) -> None:
    single = np.array([from_rotation_vector(vector) for vector in vectors])
    assert_allclose(single, from_rotation_vector(vectors), atol=1e-14)
    assert_allclose(single @ np.swapaxes(single, -1, -2), [np.eye(3)] * 200, atol=1e-14)


def test_a_matrix_tells_its_vector_alone_and_among_others(vectors: np.ndarray) -> None:
    matrices = from_rotation_vector(vectors)
    single = np.array([to_rotation_vector(matrix) for matrix in matrices])
    assert_allclose(single, vectors, atol=1e-7 if np.linalg.norm(vectors[0]) > 3.1 else 1e-14)
    assert_allclose(single, to_rotation_vector(matrices), atol=1e-7)


@pytest.mark.parametrize("axis", np.eye(3))
def test_half_a_turn_is_half_a_turn_either_way(axis: np.ndarray) -> None:
    half = 2 * np.outer(axis, axis) - np.eye(3)
    assert_allclose(np.abs(to_rotation_vector(half)), np.pi * axis, atol=1e-12)


def test_what_is_no_number_is_no_rotation() -> None:
    for wrong in (np.nan, np.inf):
        matrix = np.eye(3)
        matrix[1, 2] = wrong
        with pytest.raises(np.linalg.LinAlgError):
            to_rotation_vector(matrix)


def test_a_quaternion_of_any_length_and_sign_is_its_rotation() -> None:
    turns = from_rotation_vector(np.random.default_rng(1).normal(size=(50, 3)))
    for factor in (1.0, -1.0, 7.0):
        assert_allclose(from_quaternion(factor * to_quaternion(turns)), turns, atol=1e-12)


def test_rotations_are_told_from_what_mirrors_stretches_leans_or_is_none() -> None:
    turns = from_rotation_vector(np.random.default_rng(2).normal(size=(50, 3)))
    assert are_rotations(turns)
    assert are_rotations(turns.round(4)[0]), "as people write them"
    leaning = np.array([[1.0, 0.1, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    for wrong in (-turns[3], 1.01 * turns[3], leaning, np.full((3, 3), np.nan)):
        assert not are_rotations(wrong)
        assert not are_rotations(np.stack([*turns, wrong]))
