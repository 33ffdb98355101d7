"""One click of several: moved elsewhere or taken away, and the mask follows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, draw_take
from label_service import Page
from made_up_methods import SIDE as SQUARE
from made_up_methods import Lookers

from teachloop.datasets.labels.edits import LockMask
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskSource, decode
from teachloop.labeler.errors import NothingPrompted, WrongPlace
from teachloop.labeler.updates import LabelsChanged
from teachloop.runtime.errors import TeachloopError

CUP: dict[str, Any] = {"camera": "front", "frame": 0, "object": "cup", "segmenter": "squares"}
FIRST: dict[str, Any] = {"x": 9.0, "y": 9.0}
SECOND: dict[str, Any] = {"x": 30.5, "y": 40.0}


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """Two clicks, each of which gives a square."""
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    page.act("click", **CUP, **FIRST)
    page.act("click", **CUP, **SECOND)
    yield page
    page.service.close()


def labels(tmp_path: Path) -> Labels:
    return Labels.open(tmp_path / "takes" / "one")


def squares(*corners: tuple[int, int]) -> np.ndarray:
    """At columns and rows."""
    mask = np.zeros((SIDE, SIDE), bool)
    for column, row in corners:
        mask[row : row + SQUARE, column : column + SQUARE] = True
    return mask


def drawn(tmp_path: Path) -> np.ndarray:
    return decode(labels(tmp_path).snapshot.masks["front", 0, "cup"].rle)


def test_a_click_is_moved_and_its_mask_with_it_in_one_step(page: Page, tmp_path: Path) -> None:
    moved = page.act("move_click", **CUP, **FIRST, to_x=50.0, to_y=20)
    assert sorted(each.values for each in moved.prompts) == [[30.5, 40], [50, 20]]
    assert np.array_equal(drawn(tmp_path), squares((50, 20), (30, 40)))
    page.act("undo")
    assert np.array_equal(drawn(tmp_path), squares((9, 9), (30, 40)))
    assert len(page.act("read").prompts) == 2
    page.act("redo")
    assert np.array_equal(drawn(tmp_path), squares((50, 20), (30, 40)))


def test_a_click_is_taken_away_and_with_the_last_one_the_mask(page: Page, tmp_path: Path) -> None:
    page.act("remove_click", **CUP, **FIRST)
    assert np.array_equal(drawn(tmp_path), squares((30, 40)))
    gone = page.act("remove_click", **CUP, **SECOND)
    assert (gone.prompts, gone.removed) == ([], [("front", 0, "cup")])
    page.act("undo")
    assert np.array_equal(drawn(tmp_path), squares((30, 40)))
    page.act("undo")
    assert np.array_equal(drawn(tmp_path), squares((9, 9), (30, 40)))


def test_a_click_that_somebody_took_away_is_neither_moved_nor_taken_away_again(page: Page) -> None:
    first = page.act("remove_click", **CUP, **FIRST, author="Ada")
    assert page.act("remove_click", **CUP, **FIRST, author="Grace").revision == first.revision
    again = page.act("move_click", **CUP, **FIRST, to_x=1, to_y=1, author="Grace")
    assert again.revision == first.revision


def test_what_a_click_meant_stays_what_it_means_elsewhere(page: Page) -> None:
    page.act("click", **CUP, x=31.0, y=41.0, positive=False)
    moved = page.act("move_click", **CUP, x=31.0, y=41.0, to_x=32, to_y=42)
    assert [each.positive for each in moved.prompts] == [True, True, False]


def test_a_mask_stays_locked_and_a_persons(page: Page, tmp_path: Path) -> None:
    before = labels(tmp_path)
    before.apply([LockMask("front", 0, "cup", True)], before.revision, "Grace")
    page.act("move_click", **CUP, **FIRST, to_x=50, to_y=20)
    page.act("remove_click", **CUP, **SECOND)
    record = labels(tmp_path).snapshot.masks["front", 0, "cup"]
    assert (record.locked, record.source) == (True, MaskSource.HUMAN)


@pytest.mark.parametrize(
    ("action", "fields", "error"),
    [
        ("move_click", {"to_x": 65, "to_y": 3}, WrongPlace),
        ("move_click", {"to_x": 3, "to_y": -1}, WrongPlace),
        ("move_click", {"to_x": 3}, TeachloopError),
    ],
)
def test_a_click_stays_in_the_picture(
    page: Page, action: str, fields: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        page.act(action, **CUP, **FIRST, **fields)
    assert page.act("read").revision == 2


def test_where_only_what_is_not_part_of_it_would_be_left_nothing_is_taken_away(page: Page) -> None:
    page.act("remove_click", **CUP, **FIRST)
    page.act("click", **{**CUP, "segmenter": ""}, x=32.0, y=42.0, positive=True)
    page.act("remove_click", **CUP, **SECOND)
    page.act("click", **CUP, x=60.0, y=60.0, positive=False)
    revision = page.act("read").revision
    with pytest.raises(NothingPrompted):
        page.act("remove_click", **{**CUP, "segmenter": ""}, x=32.0, y=42.0)
    assert page.act("read").revision == revision


def test_a_segmenter_that_looks_for_long_follows_up(page: Page, tmp_path: Path) -> None:
    """Another stands in until it has looked at the frame."""
    Lookers.may_go_on.clear()
    slow = {**CUP, "frame": 1, "segmenter": "lookers"}
    page.act("click", **slow, x=14.0, y=26.0)
    page.act("move_click", **slow, x=14.0, y=26.0, to_x=16, to_y=27)
    Lookers.may_go_on.set()
    deadline = range(300)
    for _ in deadline:
        record = labels(tmp_path).snapshot.masks["front", 1, "cup"]
        if np.array_equal(decode(record.rle), squares((16, 27))):
            break
        page.ended.wait(0.1)
    else:
        pytest.fail("its mask never came")
    assert any(isinstance(each, LabelsChanged) for each in page.told)
