"""The way of a demonstration goes to where things are now, without a leap."""

from dataclasses import replace

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
    return course.poses


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
    last = course.poses[7].copy()
    target = np.add(TARGET, (0.02, 0.02, 0))
    course.go_on(8, last, Places(target, TRAY))
    own = steps_mm(shown.poses, shown.start).max()
    assert steps_mm(course.ahead()[0][:CONTACT], last).max() < 2 * own
    assert_allclose(course.poses[CONTACT - 1, :3, 3], target, atol=1e-6)


def test_near_the_object_nothing_that_is_seen_moves_the_way(shown: Demonstration) -> None:
    course = Course(shown, shown.start, Places(TARGET, TRAY))
    there = course.poses[CONTACT - 2]
    course.go_on(CONTACT - 1, there, Places(np.add(TARGET, (0.02, 0, 0)), TRAY))
    assert_allclose(course.poses, shown.poses, atol=1e-9)


@pytest.mark.parametrize("asked_after", [3, 8, 13])
def test_however_often_it_is_asked_it_goes_at_the_pace_that_was_shown(
    shown: Demonstration, asked_after: int
) -> None:
    course = Course(shown, shown.start, Places(TARGET, TRAY))
    for tick in range(asked_after, TICKS, asked_after):
        course.go_on(asked_after, shown.poses[tick - 1], Places(TARGET, TRAY))
        ahead = course.ahead()[0]
        assert_allclose(ahead[: TICKS - tick], shown.poses[tick : tick + len(ahead)], atol=1e-9)


def test_while_the_hand_is_held_the_way_waits(shown: Demonstration) -> None:
    course = Course(shown, shown.start, Places(TARGET, TRAY))
    for _ in range(3):
        course.go_on(20, shown.start, Places(TARGET, TRAY))
    assert_allclose(course.ahead()[0], shown.poses[: len(course.ahead()[0])], atol=1e-9)


def test_while_the_way_itself_stands_still_time_goes_on(shown: Demonstration) -> None:
    """As while a gripper closes."""
    poses = shown.poses.copy()
    poses[CONTACT : CONTACT + 12] = poses[CONTACT]
    stands = replace(shown, poses=poses)
    course = Course(stands, stands.start, Places(TARGET, TRAY))
    course.go_on(CONTACT, poses[CONTACT], Places(TARGET, TRAY))
    course.go_on(8, poses[CONTACT], Places(TARGET, TRAY))
    assert_allclose(course.ahead()[0][3:5], poses[CONTACT + 11 : CONTACT + 13], atol=1e-9)
    course.go_on(8, poses[CONTACT], Places(TARGET, TRAY))
    assert_allclose(course.ahead()[0][:2], poses[CONTACT + 11 : CONTACT + 13], atol=1e-9)


def test_led_away_it_comes_back_to_the_rest_of_the_way_without_a_leap(
    shown: Demonstration,
) -> None:
    course = Course(shown, shown.start, Places(TARGET, TRAY))
    away = make_pose(np.eye(3), TARGET + np.array([0.15, 0.1, 0.1]))
    course.go_on(10, away, Places(TARGET, TRAY))
    ahead = course.ahead()[0]
    assert steps_mm(ahead, away).max() < 30
    assert_allclose(course.poses[-1], shown.poses[-1], atol=1e-9)


def test_led_away_before_the_contact_it_still_goes_to_the_target(shown: Demonstration) -> None:
    course = Course(shown, shown.start, Places(TARGET, TRAY))
    course.go_on(10, make_pose(np.eye(3), TRAY), Places(TARGET, TRAY))
    away_m = np.linalg.norm(course.ahead()[0][:, :3, 3] - TARGET, axis=-1)
    assert away_m.min() < 1e-3


def test_closed_from_the_beginning_it_touches_where_it_is_nearest(shown: Demonstration) -> None:
    """As a hand that pushes."""
    pushing = replace(shown, grippers=np.zeros(TICKS))
    assert CONTACT - 8 < pushing.contact <= CONTACT
    hand = make_pose(np.eye(3), np.add(START, (-0.1, 0.1, 0.05)))
    poses = Course(pushing, hand, Places(TARGET, None)).poses
    assert steps_mm(poses, hand).max() < 2 * steps_mm(shown.poses, shown.start).max()
    assert_allclose(poses[pushing.contact :], shown.poses[pushing.contact :], atol=1e-9)


def test_without_a_gripper_it_touches_where_it_is_nearest(shown: Demonstration) -> None:
    assert CONTACT - 8 < replace(shown, grippers=None).contact <= CONTACT


def test_at_the_end_it_stays(shown: Demonstration) -> None:
    course = Course(shown, shown.start, Places(TARGET, TRAY))
    course.go_on(10 * TICKS, shown.poses[-1], Places(TARGET, TRAY))
    poses, grippers = course.ahead()
    assert_allclose(poses, shown.poses[[-1] * len(poses)], atol=1e-9)
    assert grippers is not None
    assert set(grippers) == {0}
