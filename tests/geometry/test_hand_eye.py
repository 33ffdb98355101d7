"""A camera's place is found from how the hand moved and what the camera saw."""

import numpy as np
import pytest

from teachloop.geometry.hand_eye import camera_and_board, turned_rad
from teachloop.geometry.poses import farthest_apart, inverse, make_pose
from teachloop.geometry.rotations import Array, from_rotation_vector


def random_poses(seed: int, count: int, turn_rad: float) -> Array:
    random = np.random.default_rng(seed)
    turns = random.uniform(-turn_rad, turn_rad, (count, 3))
    return make_pose(from_rotation_vector(turns), random.uniform(-0.3, 0.3, (count, 3)))


@pytest.mark.parametrize("seed", range(5))
def test_both_places_are_found_exactly_without_noise(seed: int) -> None:
    x, y = random_poses(seed, 2, 3.0)
    moves = random_poses(seed + 100, 6, 1.0)
    found = camera_and_board(moves, inverse(x[None]) @ moves @ y)
    for wanted, got in zip((x, y), found, strict=True):
        assert farthest_apart(wanted[None], got[None]) == pytest.approx((0, 0), abs=1e-9)


def test_three_views_are_enough_and_their_order_does_not_matter() -> None:
    x, y = random_poses(7, 2, 3.0)
    moves = random_poses(8, 3, 1.0)
    seen = inverse(x[None]) @ moves @ y
    one, other = camera_and_board(moves, seen), camera_and_board(moves[::-1], seen[::-1])
    assert farthest_apart(np.stack(one), np.stack(other)) == pytest.approx((0, 0), abs=1e-9)


@pytest.mark.parametrize(
    ("axes", "wanted"),
    [
        ([[0, 0, 0]], [0, 0, 0]),
        ([[0, 0, 1]], [0.8, 0, 0]),
        ([[0, 0, 1], [0, 0.5, 0]], [0.8, 0.4, 0]),
    ],
)
def test_turns_about_one_axis_are_told_from_those_about_two(
    axes: list[list[float]], wanted: list[float]
) -> None:
    turns = [sign * 0.4 * np.array(axis) for axis in axes for sign in (1, -1)]
    moves = make_pose(from_rotation_vector(np.array(turns)), np.zeros((len(turns), 3)))
    assert turned_rad(moves) == pytest.approx(wanted, abs=0.02)
