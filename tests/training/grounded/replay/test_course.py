"""The way of a demonstration goes to where things are now, without a leap."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from teachloop.geometry.poses import make_pose
from teachloop.geometry.rotations import from_rotation_vector
from teachloop.training.grounded.replay.course import Course, Places
from teachloop.training.grounded.replay.demonstration import Demonstration

TICKS, CONTACT = 60, 30
TARGET, TRAY = np.array([0.5, 0.1, 0.025]), np.array([0.4, -0.2, 0.025])
START = np.array([0.4, 0.0, 0.3])


@pytest.fixture
def shown() -> Demonstration:
    """Straight to the target, closed at contact, straight to the tray."""
    there = np.linspace(START, TARGET, CONTACT + 1)[1:]
    onwards = np.linspace(TARGET, TRAY, TICKS - CONTACT)
    return Demonstration(
        said=("put the cube on the tray",),
        names=("cube", "tray"),
        target=TARGET,
        destination=TRAY,
        start=make_pose(np.eye(3), START),
        poses=make_pose(np.tile(np.eye(3), (TICKS, 1, 1)), np.concatenate([there, onwards])),
        grippers=(np.arange(TICKS) < CONTACT).astype(float),
    )


def whole(course: Course) -> np.ndarray:
    return course.next(TICKS)[0]


def steps_mm(poses: np.ndarray, hand: np.ndarray) -> np.ndarray:
    positions = np.concatenate([hand[None, :3, 3], poses[:, :3, 3]])
    return 1000 * np.linalg.norm(np.diff(positions, axis=0), axis=-1)


def test_where_nothing_moved_it_is_the_way_that_was_shown(shown: Demonstration) -> None:
    course = Course(shown, shown.start, Places(TARGET, TRAY))
    assert_allclose(whole(course), shown.poses, atol=1e-9)


def test_it_reaches_the_target_and_then_the_destination_where_they_are_now(
    shown: Demonstration,
) -> None:
    target, tray = np.add(TARGET, (0.06, -0.03, 0)), np.add(TRAY, (-0.02, 0.05, 0))
    course = Course(shown, shown.start, Places(target, tray))
    positions = whole(course)[:, :3, 3]
    assert_allclose(positions[CONTACT - 1], target, atol=1e-6)
    assert_allclose(positions[-1], tray, atol=1e-6)


def test_without_a_destination_all_of_the_way_moves_with_the_target(shown: Demonstration) -> None:
    moved = np.array([0.04, 0.02, 0])
    positions = whole(Course(shown, shown.start, Places(TARGET + moved, None)))[:, :3, 3]
    assert_allclose(positions[CONTACT:], shown.poses[CONTACT:, :3, 3] + moved, atol=1e-9)


def test_it_begins_where_the_hand_is_and_turns_as_it_was_shown(shown: Demonstration) -> None:
    hand = make_pose(from_rotation_vector([0, 0, 0.5]), np.add(START, (-0.05, 0.05, 0.02)))
    poses = whole(Course(shown, hand, Places(TARGET, TRAY)))
    own = steps_mm(shown.poses, shown.start).max()
    assert steps_mm(poses, hand).max() < 2 * own
    assert_allclose(poses[CONTACT:], shown.poses[CONTACT:], atol=1e-9)


def test_what_is_seen_better_on_the_way_is_gone_to_without_a_leap(shown: Demonstration) -> None:
    course = Course(shown, shown.start, Places(TARGET, TRAY))
    began = course.next(8)[0]
    assert course.can_be_corrected
    target = np.add(TARGET, (0.02, 0.02, 0))
    course.correct(Places(target, TRAY))
    rest = course.next(TICKS)[0]
    own = steps_mm(shown.poses, shown.start).max()
    assert steps_mm(rest, began[-1]).max() < 2 * own
    assert_allclose(rest[CONTACT - 8 - 1, :3, 3], target, atol=1e-6)


def test_near_the_object_it_is_not_corrected_any_more(shown: Demonstration) -> None:
    course = Course(shown, shown.start, Places(TARGET, TRAY))
    course.next(CONTACT)
    assert not course.can_be_corrected


def test_at_the_end_it_stays(shown: Demonstration) -> None:
    course = Course(shown, shown.start, Places(TARGET, TRAY))
    whole(course)
    poses, grippers = course.next(3)
    assert_allclose(poses, shown.poses[[-1, -1, -1]], atol=1e-9)
    assert grippers is not None
    assert grippers.tolist() == [0, 0, 0]
