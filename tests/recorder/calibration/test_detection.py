"""The board is found in rendered pictures to a fraction of a pixel, and seen to be blurred."""

import re

import cv2
import numpy as np
import pytest
from pydantic import ValidationError
from rendered_board import rendered

from teachloop.geometry.poses import make_pose
from teachloop.geometry.rotations import from_rotation_vector
from teachloop.recorder.calibration.board import Board
from teachloop.recorder.calibration.detection import SHARP_PX, BoardFinder, board_pose
from teachloop.recorder.calibration.printing import POINT_MM, page_mm, pdf

LENS = np.array([[600, 0, 320], [0, 600, 240], [0, 0, 1.0]])
SIZE = (640, 480)
POSE = make_pose(from_rotation_vector([0.3, -0.4, 0.2]), [-0.1, -0.07, 0.6])


@pytest.mark.parametrize(
    "board", [Board(), Board(columns=5, rows=7, square_mm=40, marker_mm=30)], ids=str
)
def test_corners_are_found_where_they_are(board: Board) -> None:
    found = BoardFinder(board).find(rendered(board, POSE, LENS, SIZE))
    local = board.points_m[found.numbers] @ POSE[:3, :3].T + POSE[:3, 3]
    true = (local / local[:, 2:]) @ LENS[:2].T
    assert len(found) == board.corners
    assert np.linalg.norm(found.pixels - true, axis=1).max() < 0.3
    assert np.abs((found.pixels - true).mean(0)).max() < 0.05, "and without a shift of all"


def test_where_the_board_is_follows_from_its_corners() -> None:
    board = Board()
    found = BoardFinder(board).find(rendered(board, POSE, LENS, SIZE))
    pose = board_pose(board.points_m[found.numbers], found.pixels, LENS)
    assert pose[:3, 3] == pytest.approx(POSE[:3, 3], abs=0.002)
    assert pose[:3, :3] == pytest.approx(POSE[:3, :3], abs=0.01)


def test_a_part_of_the_board_is_enough_and_none_is_none() -> None:
    finder = BoardFinder(Board())
    picture = rendered(Board(), POSE, LENS, SIZE)
    picture[:, 330:] = 90
    assert 8 <= len(finder.find(picture)) < Board().corners
    assert len(finder.find(np.full_like(picture, 90))) == 0


def test_blur_shows_in_the_softness() -> None:
    finder = BoardFinder(Board())
    near = make_pose(POSE[:3, :3], [-0.1, -0.07, 0.45])
    soft = [
        finder.find(rendered(Board(), near, LENS, SIZE, blur_px=blur)).softness_px
        for blur in (0.6, 1.2, 1.8)
    ]
    assert 0 < soft[0] < SHARP_PX < soft[2]
    assert soft == sorted(soft)


@pytest.mark.parametrize("board", [Board(), Board(columns=9, rows=12)], ids=str)
def test_the_print_is_the_board_at_its_true_size(board: Board) -> None:
    """Read as a printer would, at ten pixels a millimetre."""
    data = pdf(board).decode("latin-1")
    page = page_mm(board)
    media = re.search(r"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert media is not None
    assert [float(each) * POINT_MM for each in media.groups()] == pytest.approx(page, abs=0.01)
    sheet = np.full((round(10 * page[1]), round(10 * page[0]), 3), 255, np.uint8)
    for box in re.findall(r"^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re$", data, re.MULTILINE):
        left, bottom, width, height = (10 * float(each) for each in box)
        ends = len(sheet) - bottom - height, len(sheet) - bottom, left, left + width
        top, low, west, east = (round(each) for each in ends)
        sheet[top:low, west:east] = 0
    found = BoardFinder(board).find(np.asarray(cv2.GaussianBlur(sheet, (0, 0), 1), np.uint8))
    assert len(found) == board.corners
    across = np.linalg.norm(found.pixels[0] - found.pixels[board.columns - 2]) / 10
    assert across == pytest.approx((board.columns - 2) * board.square_mm, abs=0.05)
    assert f"{board.size_mm[0]:g} × {board.size_mm[1]:g} mm" in data
    begins = [int(each) for each in re.findall(r"^(\d{10}) 00000 n ", data, re.MULTILINE)]
    assert [data[at:].split(" ", 1)[0] for at in begins] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"columns": 2}, "columns"),
        ({"marker_mm": 29.0}, "50 to 90 %"),
        ({"square_mm": 0.0}, "square_mm"),
    ],
)
def test_a_board_that_cannot_be_is_refused(wrong: dict[str, float], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Board.model_validate(wrong)
