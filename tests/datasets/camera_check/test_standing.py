"""A camera that was moved after it was calibrated is noticed by the arm in its pictures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from teachloop.datasets.camera_check.report import standings
from teachloop.datasets.camera_check.standing import Standing, standing
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.poses import make_pose
from teachloop.geometry.rotations import from_rotation_vector

RIGHT, DOWN = (0.05, 0.0, 0.0), (0.0, 0.05, 0.0)
TURNED = (0.0, np.radians(3.0), 0.0)


def seen(
    folder: Path, metres: tuple[float, ...] = (0, 0, 0), radians: tuple[float, ...] = (0, 0, 0)
) -> Standing | None:
    """With a calibration that is off by so much in the camera's own frame."""
    with Take.open(folder) as take:
        away = make_pose(from_rotation_vector(radians), np.array(metres, float))
        cameras = dict(take.info.cameras)
        cameras["front"] = replace(cameras["front"], pose=cameras["front"].pose @ away)
        take.info = replace(take.info, cameras=cameras)
        return standing(take, "front")


def test_a_camera_that_stands_shows_the_arm_where_it_is(
    takes: list[Path], noisy_take: Path
) -> None:
    for folder in (*takes, noisy_take):
        found = seen(folder)
        assert found is not None
        assert not found.moved
        assert np.hypot(found.right_px, found.down_px) < 8


@pytest.mark.parametrize(("metres", "radians"), [(RIGHT, (0, 0, 0)), ((0, 0, 0), TURNED)])
def test_one_that_was_moved_is_noticed(
    takes: list[Path], noisy_take: Path, metres: tuple[float, ...], radians: tuple[float, ...]
) -> None:
    for folder in (*takes, noisy_take):
        found = seen(folder, metres, radians)
        assert found is not None
        assert found.moved
        # The calibration is too far to the right, or looks there: the arm is seen to the right.
        assert abs(found.down_px) < abs(found.right_px)
        assert found.right_px > 0


def test_which_way_it_was_moved_is_told(takes: list[Path]) -> None:
    right, down = seen(takes[0], RIGHT), seen(takes[0], DOWN)
    assert right is not None
    assert down is not None
    with Take.open(takes[0]) as take:
        camera, hand = take.info.cameras["front"], take.robot.ee_pose[0, :3, 3]
    _, depth_m = camera.project(hand, np.eye(4))
    expected_px = 0.05 * camera.intrinsics[0, 0] / float(depth_m)
    assert right.right_px == pytest.approx(expected_px, rel=0.3)
    assert down.down_px == pytest.approx(expected_px, rel=0.3)


def test_of_the_cameras_of_a_hand_and_of_those_nobody_calibrated_nothing_is_said(
    takes: list[Path],
) -> None:
    with Take.open(takes[0]) as take:
        assert [each.camera for each in standings(take)] == ["front"]
        cameras = {"front": replace(take.info.cameras["front"], calibrated=False)}
        take.info = replace(take.info, cameras=cameras)
        assert standings(take) == []


def test_what_was_moved_is_said_in_words(takes: list[Path]) -> None:
    with Take.open(takes[0]) as take:
        front = take.info.cameras["front"]
        moved = replace(front, pose=front.pose @ make_pose(np.eye(3), np.array(RIGHT)))
        take.info = replace(take.info, cameras={"front": moved})
        (told,) = standings(take)
    assert told.moved
    assert told.words.startswith("front seems to have been moved: it shows the arm ")
    assert "px too far right. Calibrate it" in told.words
