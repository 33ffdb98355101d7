"""A camera's place is measured with rendered pictures of a board, and bad views are refused."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from rendered_board import rendered

from teachloop.geometry.camera import Mount
from teachloop.geometry.poses import farthest_apart, inverse, make_pose
from teachloop.geometry.rotations import Array, from_rotation_vector
from teachloop.recorder.calibration.board import Board
from teachloop.recorder.calibration.detection import BoardFinder, board_pose
from teachloop.recorder.calibration.solution import BadViews, solve
from teachloop.recorder.calibration.views import BoardView, Coverage

BOARD = Board()
MIDDLE_M = np.array([0.12, 0.09, 0])  # of the board
SIZE = (640, 480)
LENS = np.array([[610, 0, 322.5], [0, 612, 238], [0, 0, 1.0]])
DOWN = from_rotation_vector([np.pi, 0, 0])
LOOKING = from_rotation_vector([0.3, 0.05, 0.1])
# The camera in the frame of its mount, the board in that of the other, and the hand between them.
CAMERAS: dict[Mount, Array] = {
    "base": make_pose(from_rotation_vector([np.pi - 0.4, 0.1, 1.5]), [0.55, 0.1, 0.8]),
    "end_effector": make_pose(LOOKING, [0.05, -0.06, -0.04]),
}


def poses_seen(count: int, tilt_rad: Sequence[float], seed: int = 3) -> Array:
    """Where the board is before the camera, tilted to all sides: (count, 4, 4)."""
    random = np.random.default_rng(seed)
    turns = random.uniform(-1, 1, (count, 3)) * tilt_rad
    middle = random.uniform([-0.12, -0.09, 0.45], [0.12, 0.09, 0.7], (count, 3))
    poses = make_pose(from_rotation_vector(turns), middle)
    poses[:, :3, 3] -= poses[:, :3, :3] @ MIDDLE_M
    return poses


def hands(mount: Mount, seen: Array) -> Array:
    """Where the hand is (n, 4, 4) while the camera has the board there."""
    camera = CAMERAS[mount]
    if mount == "base":
        in_hand = make_pose(LOOKING @ DOWN, [0.02, -0.01, 0.05])
        return camera @ seen @ inverse(in_hand)
    on_table = make_pose(DOWN, [0.5, 0.05, 0.0])
    return on_table @ inverse(seen) @ inverse(camera)


def looked(mount: Mount, seen: Array, lens: Array = LENS, **looks: float) -> list[BoardView]:
    """Views by the detector's eyes, of pictures through the true lens."""
    finder, views = BoardFinder(BOARD), list[BoardView]()
    for number, (hand, pose) in enumerate(zip(hands(mount, seen), seen, strict=True), 1):
        found = finder.find(rendered(BOARD, pose, LENS, SIZE, seed=number, **looks))
        points = BOARD.points_m[found.numbers]
        views.append(
            BoardView(
                number=number,
                hand=hand,
                points=points,
                pixels=found.pixels,
                seen=board_pose(points, found.pixels, lens),
            )
        )
    return views


@cache
def good(mount: Mount) -> list[BoardView]:
    return looked(mount, poses_seen(14, (0.4, 0.4, 0.3)))


def off(mount: Mount, pose: Array) -> tuple[float, float]:
    """By how many mm and degrees a camera is not where it is."""
    metres, radians = farthest_apart(CAMERAS[mount][None], pose[None])
    return 1000 * metres, float(np.degrees(radians))


def told(views: list[BoardView], mount: Mount, lens: Array = LENS) -> str:
    """What is said of views, whether they are refused or not."""
    try:
        return " ".join(solve(views, mount, lens, width=640).remarks)
    except BadViews as error:
        return str(error)


@pytest.mark.parametrize("mount", ["base", "end_effector"])
def test_the_camera_is_found_within_2_mm_and_a_fifth_of_a_degree(mount: Mount) -> None:
    found = solve(good(mount), mount, LENS, width=640)
    mm, deg = off(mount, found.pose)
    assert mm < 2
    assert deg < 0.2
    assert found.residual_px < 0.3
    assert found.residual_mm < 0.3
    assert not found.outliers
    assert not found.remarks
    assert mm < 3 * found.uncertain_mm < 6
    assert deg < 3 * found.uncertain_deg < 0.6


@pytest.mark.parametrize("mount", ["base", "end_effector"])
def test_an_arm_that_is_a_millimetre_off_shows_in_the_residual_and_in_the_uncertainty(
    mount: Mount,
) -> None:
    random = np.random.default_rng(5)
    views = [
        replace(
            view, hand=make_pose(view.hand[:3, :3], view.hand[:3, 3] + random.normal(0, 6e-4, 3))
        )
        for view in good(mount)
    ]
    found = solve(views, mount, LENS, width=640)
    mm, deg = off(mount, found.pose)
    assert mm < 2
    assert deg < 0.2
    assert 0.4 < found.residual_mm < 1.5
    assert mm < 3 * found.uncertain_mm
    assert deg < 3 * found.uncertain_deg


def test_a_view_that_does_not_fit_is_named_and_without_it_the_place_is_right() -> None:
    views = list(good("base"))
    bent = views[4].hand.copy()
    bent[:3, 3] += [0.006, 0, 0]
    views[4] = replace(views[4], hand=bent)
    found = solve(views, "base", LENS, width=640)
    assert found.outliers == [5]
    assert "5 (" in found.remarks[0]
    assert off("base", found.pose)[0] < 4
    del views[4]
    assert off("base", solve(views, "base", LENS, width=640).pose)[0] < 0.5


def test_a_lens_that_is_not_as_the_camera_says_is_told() -> None:
    said = LENS * [[1.04, 1, 1], [1, 1.04, 1], [1, 1, 1]]
    views = looked("base", poses_seen(14, (0.4, 0.4, 0.3)), said)
    words = told(views, "base", said)
    found = re.match(
        r"The intrinsics seem to be off: .* focal lengths of (\d+) and (\d+) px", words
    )
    assert found is not None
    assert [float(each) for each in found.groups()] == pytest.approx([610, 612], abs=2)
    assert "where the camera says 634 and 636 px" in words


def test_a_lens_that_nobody_knows_is_measured() -> None:
    guess = np.array([[640, 0, 320], [0, 640, 240], [0, 0, 1.0]])
    views = looked("end_effector", poses_seen(14, (0.4, 0.4, 0.3)), guess)
    found = solve(views, "end_effector", guess, width=640, lens=True)
    assert found.intrinsics[:2] == pytest.approx(LENS[:2], abs=4)
    mm, deg = off("end_effector", found.pose)
    assert mm < 4
    assert deg < 0.4


def test_a_board_of_another_size_than_is_set_is_told() -> None:
    views = [replace(view, points=1.05 * view.points) for view in good("end_effector")]
    assert "The board seems to be 95.2 % of the size that is set" in told(views, "end_effector")


def test_too_few_views_are_refused() -> None:
    with pytest.raises(BadViews, match="too few views, 5: take at least 8"):
        solve(good("base")[:5], "base", LENS, width=640)


@pytest.mark.parametrize(
    ("tilt_rad", "words"),
    [((0.02, 0.02, 0.02), "hardly turned"), ((0.02, 0.02, 0.6), "one axis alone")],
)
def test_views_that_do_not_turn_or_about_one_axis_alone_are_refused(
    tilt_rad: Sequence[float], words: str
) -> None:
    with pytest.raises(BadViews, match=words):
        solve(looked("base", poses_seen(10, tilt_rad)), "base", LENS, width=640)


def test_a_board_that_slips_is_refused() -> None:
    random = np.random.default_rng(1)
    views = [
        replace(
            view, hand=make_pose(view.hand[:3, :3], view.hand[:3, 3] + random.normal(0, 0.02, 3))
        )
        for view in good("base")
    ]
    with pytest.raises(BadViews, match=r"do not fit together: they miss by \d+\.\d px"):
        solve(views, "base", LENS, width=640)


def test_coverage_says_what_is_missing() -> None:
    few = Coverage.of(good("base")[:2])
    assert few.missing[0] == "10 more views"
    whole = Coverage.of(good("base"))
    assert whole.missing == []
    assert whole.views == 14
    assert min(whole.turned_deg) > 20
    assert 0.15 < whole.spread_m < 0.6
    flat = Coverage.of(looked("base", poses_seen(12, (0.02, 0.02, 0.6))))
    assert any("another axis" in each for each in flat.missing)
