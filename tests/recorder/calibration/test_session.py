"""Views are taken of two looks between which nothing moves; others are refused in words."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from rendered_board import rendered

from teachloop.datasets.steps import Image
from teachloop.geometry.camera import Camera
from teachloop.geometry.poses import make_pose
from teachloop.geometry.rotations import from_rotation_vector
from teachloop.recorder.calibration.board import Board
from teachloop.recorder.calibration.session import (
    CalibrationPlan,
    CalibrationSession,
    Glance,
    NoView,
)
from teachloop.recorder.calibration.solution import BadViews

LENS = np.array([[600, 0, 320], [0, 600, 240], [0, 0, 1.0]])
CAMERA = Camera(
    name="eye", width=640, height=480, intrinsics=LENS, mount="base", pose=np.eye(4)
)  # fmt: skip
TURN = from_rotation_vector([0.2, -0.3, 0.1])


@cache
def picture(right_m: float = 0.0, blur_px: float = 0.6) -> Image:
    pose = make_pose(TURN, [right_m - 0.1, -0.07, 0.45])
    return rendered(Board(), pose, LENS, (640, 480), blur_px=blur_px)


def left_part() -> Image:
    """Of the same picture."""
    image = picture().copy()
    image[:, 240:] = 90
    return image


def glance(image: Image, time_ns: int = 0, forward_m: float = 0.0) -> Glance:
    return Glance(
        image=image, time_ns=time_ns, hand=make_pose(TURN, [forward_m, 0, 0]), camera=CAMERA
    )


@pytest.fixture
def session() -> CalibrationSession:
    return CalibrationSession(CalibrationPlan(), lens=False)


def test_a_view_of_two_looks_has_its_corners_and_the_hand(session: CalibrationSession) -> None:
    view = session.take(glance(picture()), glance(picture(), 1))
    assert (view.number, len(view.points)) == (1, Board().corners)
    assert view.seen[:3, 3] == pytest.approx([-0.1, -0.07, 0.45], abs=0.002)
    assert view.hand == pytest.approx(make_pose(TURN, [0, 0, 0]))


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (glance(picture()), glance(picture()), "no new pictures"),
        (glance(picture()), glance(picture(), 1, 0.001), "The arm moves"),
        (glance(picture()), glance(picture(0.003), 1), "The board moves"),
        (glance(picture()), glance(np.full_like(picture(), 90), 1), "No board is seen"),
        (glance(picture()), glance(left_part(), 1), r"Only \d of 35 corners"),
        (glance(picture()), glance(picture(0.0, 1.8), 1), "The picture is blurred"),
    ],
    ids=["old", "arm", "board", "none", "part", "blur"],
)
def test_what_is_no_view_is_refused_with_what_would_be_right(
    session: CalibrationSession, before: Glance, now: Glance, words: str
) -> None:
    with pytest.raises(NoView, match=words):
        session.take(before, now)
    assert session.views == []


def test_a_view_from_where_one_was_taken_is_refused_until_that_is_thrown_away(
    session: CalibrationSession,
) -> None:
    looks = glance(picture()), glance(picture(), 1)
    session.take(*looks)
    with pytest.raises(NoView, match="where it stood for view 1"):
        session.take(*looks)
    session.drop(1)
    assert session.take(*looks).number == 2, "a number is given once"


def test_without_enough_views_there_is_no_solution(session: CalibrationSession) -> None:
    with pytest.raises(BadViews, match="too few views, 0"):
        session.solve()
    assert session.solution is None


def test_a_look_through_another_lens_is_not_mixed_in(session: CalibrationSession) -> None:
    session.take(glance(picture()), glance(picture(), 1))
    other = replace(CAMERA, intrinsics=LENS * [[1.1, 1, 1], [1, 1.1, 1], [1, 1, 1]])
    moved = replace(glance(picture(), 3, 0.1), camera=other)
    with pytest.raises(NoView, match="intrinsics"):
        session.take(replace(moved, time_ns=2), moved)
