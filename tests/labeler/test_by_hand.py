"""A brush, an eraser and polygons: what they cover, and what becomes of it among clicks."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, draw_take
from label_service import Page
from made_up_methods import SIDE as SQUARE
from made_up_methods import Lookers

from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, decode
from teachloop.labeler.errors import NoSuchFrame, NothingLeft, WrongPlace
from teachloop.labeler.session import LabelingSession
from teachloop.labeler.updates import Patch
from teachloop.runtime.errors import TeachloopError

CUP: dict[str, Any] = {"camera": "front", "frame": 0, "object": "cup"}
CLICK: dict[str, Any] = {**CUP, "segmenter": "squares", "x": 10.5, "y": 20.5}
DOT: dict[str, Any] = {**CUP, "path": [[40.5, 30.5]], "width": 9}
ERASER: dict[str, Any] = {**CUP, "path": [[10, 20]], "width": 4, "positive": False}
RECTANGLE: dict[str, Any] = {**CUP, "corners": [[30, 8], [50, 8], [50, 18], [30, 18]]}
HOLE: dict[str, Any] = {
    **CUP, "corners": [[34, 8], [38, 8], [38, 12], [34, 12]], "positive": False
}  # fmt: skip
CORNER: dict[str, Any] = {
    **CUP,
    "corners": [[8, 18], [12, 18], [12, 22], [8, 22]],
    "positive": False,
}


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    yield page
    page.service.close()


def record(tmp_path: Path, frame: int = 0) -> MaskRecord:
    return Labels.open(tmp_path / "takes" / "one").snapshot.masks["front", frame, "cup"]


def mask(tmp_path: Path) -> np.ndarray:
    return decode(record(tmp_path).rle)


def rectangle(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    mask = np.zeros((SIDE, SIDE), bool)
    mask[top:bottom, left:right] = True
    return mask


def within(*points: tuple[float, float], px: float) -> np.ndarray:
    """Pixels whose middles lie so near to a way through points."""
    rows, columns = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    steps = np.linspace(0, 1, 500)[:, None]
    way = [a + steps * (np.subtract(b, a)) for a, b in pairwise(points)]
    spots = np.concatenate([np.array(points[:1], float), *way])
    return np.hypot(columns[..., None] - spots[:, 0], rows[..., None] - spots[:, 1]).min(-1) <= px


@pytest.mark.parametrize("width", [1, 2, 5, 9, 16.5])
@pytest.mark.parametrize(
    "path", [[(40.5, 30.5)], [(12, 12.25), (50, 12.25)], [(10, 50), (30, 20), (52.5, 44)]]
)
def test_a_round_brush_covers_what_lies_within_half_its_width(
    page: Page, tmp_path: Path, width: float, path: list[tuple[float, float]]
) -> None:
    page.act("stroke", **{**CUP, "path": path, "width": width})
    drawn, near = mask(tmp_path), within(*path, px=width / 2)
    rim = within(*path, px=width / 2 + 0.75) & ~within(*path, px=max(0, width / 2 - 0.75))
    assert not ((drawn != near) & ~rim).any()
    length = float(np.hypot(*np.diff(path, axis=0).T).sum())
    assert drawn.sum() == pytest.approx(length * width + np.pi * width**2 / 4, rel=0.15, abs=2)


def test_a_polygon_covers_the_pixels_between_its_corners_and_no_more(
    page: Page, tmp_path: Path
) -> None:
    page.act("polygon", **RECTANGLE)
    assert np.array_equal(mask(tmp_path), rectangle(30, 8, 50, 18))
    page.act("polygon", **HOLE)
    assert np.array_equal(mask(tmp_path), rectangle(30, 8, 50, 18) & ~rectangle(34, 8, 38, 12))


def test_each_stroke_is_one_edit_and_one_step_back(page: Page, tmp_path: Path) -> None:
    page.act("click", **CLICK)
    clicked = mask(tmp_path)
    page.act("polygon", **RECTANGLE)
    page.act("polygon", **HOLE)
    assert page.act("read").revision == 3
    assert np.array_equal(
        mask(tmp_path), clicked | rectangle(30, 8, 50, 18) & ~rectangle(34, 8, 38, 12)
    )
    page.act("undo")
    assert np.array_equal(mask(tmp_path), clicked | rectangle(30, 8, 50, 18))
    back = page.act("undo")
    assert np.array_equal(mask(tmp_path), clicked)
    assert [each.kind for each in back.prompts] == ["point"]
    assert record(tmp_path).source == MaskSource.HUMAN
    page.act("redo")
    assert record(tmp_path).source == MaskSource.DRAWN


def test_a_stroke_begins_a_mask_and_makes_its_object_known(page: Page, tmp_path: Path) -> None:
    said = page.act("stroke", **DOT)
    assert [(each.name, each.target) for each in said.objects] == [("cup", True)]
    assert record(tmp_path) == MaskRecord(rle=record(tmp_path).rle, source=MaskSource.DRAWN)
    assert [(each.kind, each.values) for each in said.prompts] == [("stroke", [])]


def test_a_stroke_that_changes_no_pixel_is_no_edit(page: Page) -> None:
    assert page.act("stroke", **ERASER).revision == 0
    page.act("stroke", **DOT)
    assert page.act("stroke", **DOT).revision == 1, "as where an answer was lost"


def test_clicks_that_come_later_keep_what_was_drawn(page: Page, tmp_path: Path) -> None:
    """Squares of four pixels begin at each click; the corner of the first is cut out."""
    page.act("click", **CLICK)
    page.act("polygon", **RECTANGLE)
    page.act("polygon", **CORNER)
    drawn, gone = rectangle(30, 8, 50, 18), rectangle(8, 18, 12, 22)
    first = rectangle(10, 20, 10 + SQUARE, 20 + SQUARE)
    assert np.array_equal(mask(tmp_path), (first | drawn) & ~gone)
    page.act("click", **{**CLICK, "x": 30.5, "y": 50.5})
    second = rectangle(30, 50, 30 + SQUARE, 50 + SQUARE)
    assert np.array_equal(mask(tmp_path), (first | second | drawn) & ~gone)
    page.act("move_click", **{**CLICK, "x": 30.5, "y": 50.5}, to_x=50.5, to_y=50.5)
    second = rectangle(50, 50, 50 + SQUARE, 50 + SQUARE)
    assert np.array_equal(mask(tmp_path), (first | second | drawn) & ~gone)
    page.act("remove_click", **CLICK)
    assert np.array_equal(mask(tmp_path), second | drawn)
    page.act("remove_click", **{**CLICK, "x": 50.5, "y": 50.5})
    assert np.array_equal(mask(tmp_path), drawn), "what was drawn needs no click"
    assert record(tmp_path).source == MaskSource.DRAWN


def test_a_click_that_says_otherwise_counts_more_than_the_stroke_before_it(
    page: Page, tmp_path: Path
) -> None:
    page.act("click", **{**CLICK, "x": 30.5, "y": 50.5})
    page.act("stroke", **{**ERASER, "path": [[31, 51], [50, 51]], "width": 2})
    assert not mask(tmp_path)[50, 32]
    page.act("click", **{**CLICK, "x": 32.5, "y": 51.5})
    assert mask(tmp_path)[51, 32]


def test_a_box_begins_anew_also_after_strokes(page: Page, tmp_path: Path) -> None:
    page.act("stroke", **DOT)
    page.act("box", **{**CUP, "values": [7, 17, 27, 37]})
    assert np.array_equal(mask(tmp_path), rectangle(10, 20, 24, 34))
    assert record(tmp_path).source == MaskSource.HUMAN


def test_a_first_click_corrects_a_mask_that_was_drawn(page: Page, tmp_path: Path) -> None:
    """The classical segmenter goes on from it: what is not part of it is cut out."""
    around = {**CUP, "corners": [[4, 14], [30, 14], [30, 40], [4, 40]]}
    page.act("polygon", **around)
    page.act("click", **{**CUP, "x": 27.5, "y": 37.5}, positive=False)
    assert not mask(tmp_path)[37, 27]
    assert mask(tmp_path)[26, 16]


def test_a_stroke_over_a_mask_that_only_stood_in_stays_on_the_one_that_follows(
    page: Page, tmp_path: Path
) -> None:
    Lookers.may_go_on.clear()
    slow = {**CLICK, "segmenter": "lookers", "x": 14.5, "y": 26.5}
    page.act("click", **slow)
    page.act("polygon", **RECTANGLE)
    Lookers.may_go_on.set()
    wanted = rectangle(14, 26, 14 + SQUARE, 26 + SQUARE) | rectangle(30, 8, 50, 18)
    for _ in range(300):
        if np.array_equal(mask(tmp_path), wanted):
            break
        page.ended.wait(0.1)
    else:
        pytest.fail("its mask never came")
    assert record(tmp_path).source == MaskSource.DRAWN


def test_a_frame_that_was_drawn_is_propagated_from_and_stays(page: Page, tmp_path: Path) -> None:
    for frame in (0, 10):
        left = 10 + frame
        corners = [[left, 20], [left + 14, 20], [left + 14, 34], [left, 34]]
        page.act("polygon", **{**CUP, "frame": frame, "corners": corners})
    before = [record(tmp_path, frame) for frame in (0, 10)]
    page.act("propagate")
    assert page.last_word().state == "done"
    assert [record(tmp_path, frame) for frame in (0, 10)] == before
    assert record(tmp_path, 5).source == MaskSource.PROPAGATED
    page.ended.clear()
    page.act("stroke", **{**ERASER, "frame": 5, "path": [[17, 22], [26, 22]]})
    drawn = record(tmp_path, 5)
    assert drawn.source == MaskSource.DRAWN
    page.act("propagate")
    page.last_word()
    assert record(tmp_path, 5) == drawn


def test_a_lock_stays_and_clear_and_unseen_take_strokes_along(page: Page, tmp_path: Path) -> None:
    page.act("stroke", **DOT)
    page.act("lock", places=[{"camera": "front", "frame": 0}], locked=True)
    page.act("polygon", **RECTANGLE)
    assert record(tmp_path).locked
    assert page.act("hide", **CUP, last=0).prompts == []
    page.act("undo")
    cleared = page.act("clear", object="cup", places=[{"camera": "front", "frame": 0}])
    assert (cleared.prompts, cleared.removed) == ([], [("front", 0, "cup")])


def test_what_was_drawn_is_there_when_the_take_is_opened_again(page: Page, tmp_path: Path) -> None:
    page.act("stroke", **DOT)
    page.act("stroke", **{**DOT, "path": [[20, 50], [40.25, 50]]})
    page.service.close()
    with LabelingSession.open(tmp_path / "takes" / "one") as again:
        assert [prompt.width for prompt in again.snapshot.prompts] == [9, 9]
        assert again.snapshot.masks["front", 0, "cup"] == record(tmp_path)


@pytest.mark.parametrize(
    ("action", "fields", "error", "words"),
    [
        ("stroke", {"width": 0}, TeachloopError, "width must be 1 to 500"),
        ("stroke", {"width": 501}, TeachloopError, "width must be 1 to 500"),
        ("stroke", {"width": float("nan")}, TeachloopError, "width must be"),
        ("stroke", {"path": []}, TeachloopError, "path must be a list of 1 to 1000 points"),
        ("stroke", {"path": [[1, 1]] * 1001}, TeachloopError, "path must be a list of 1 to 1000"),
        ("stroke", {"path": [[1, 1, 1]]}, TeachloopError, "path must be a list of"),
        ("stroke", {"path": [[1, SIDE + 1]]}, WrongPlace, "in the picture"),
        ("stroke", {"frame": 10**6}, NoSuchFrame, "no frame"),
        ("stroke", {"camera": "ceiling"}, NoSuchFrame, "no frame"),
        ("polygon", {"corners": [[1, 1], [2, 2]]}, TeachloopError, "a list of 3 to 1000 points"),
        ("polygon", {"corners": [[1, 1], [2, 2], [-1, 2]]}, WrongPlace, "in the picture"),
        ("stroke", {"path": [[10.5, 20.5]], "width": 60, "positive": False}, NothingLeft, "Clear"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    page: Page, action: str, fields: dict[str, Any], error: type[Exception], words: str
) -> None:
    page.act("click", **CLICK)
    usual = {"stroke": DOT, "polygon": RECTANGLE}[action]
    with pytest.raises(error, match=words):
        page.act(action, **{**usual, **fields})
    left: Patch = page.act("read")
    assert left.revision == 1
