"""A lone click that may mean several masks: one goes on from one to the next."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import SIDE, draw_take
from label_service import Page
from made_up_methods import NESTED
from made_up_methods import SIDE as SQUARE

from teachloop.datasets.labels.masks import Rle, area
from teachloop.labeler.errors import NothingToChoose
from teachloop.labeler.updates import Patch

PLACE: dict[str, Any] = {"camera": "front", "frame": 0, "object": "cup"}
NESTING: dict[str, Any] = {**PLACE, "segmenter": "nested"}
AREAS = [(SQUARE * times) ** 2 for times in NESTED]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    yield page
    page.service.close()


def shown(labels: Patch) -> int:
    """Pixels of the only mask."""
    (mask,) = labels.masks
    return area(Rle(SIDE, SIDE, mask.rle.counts))


def test_a_lone_click_shows_all_that_it_may_mean_and_goes_on_to_the_next(page: Page) -> None:
    first = page.act("click", **NESTING, x=10.0, y=12.0)
    assert first.choice is not None
    assert [area(Rle(SIDE, SIDE, rle.counts)) for rle in first.choice.masks] == AREAS
    assert (shown(first), first.choice.chosen) == (AREAS[0], 0)
    for chosen in (1, 2, 0):
        labels = page.act("choose", **NESTING)
        assert labels.choice is not None
        assert (shown(labels), labels.choice.chosen) == (AREAS[chosen], chosen)
        assert len(labels.prompts) == 1


def test_further_clicks_refine_what_was_chosen(page: Page) -> None:
    page.act("click", **NESTING, x=10.0, y=12.0)
    page.act("choose", **NESTING)
    further = page.act("click", **NESTING, x=40.0, y=40.0)
    assert further.choice is None
    assert shown(further) == AREAS[1] + AREAS[0]
    with pytest.raises(NothingToChoose, match="Only a single click"):
        page.act("choose", **NESTING)


def test_a_choice_stays_where_the_click_is_moved(page: Page) -> None:
    page.act("click", **NESTING, x=10.0, y=12.0)
    page.act("choose", **NESTING)
    moved = page.act("move_click", **NESTING, x=10.0, y=12.0, to_x=30.0, to_y=20.0)
    assert moved.choice is not None
    assert (shown(moved), moved.choice.chosen) == (AREAS[1], 1)


def test_each_choice_is_taken_back_by_itself(page: Page) -> None:
    page.act("click", **NESTING, x=10.0, y=12.0)
    page.act("choose", **NESTING)
    assert shown(page.act("undo")) == AREAS[0]
    assert shown(page.act("redo")) == AREAS[1]
    page.act("undo")
    assert page.act("undo").prompts == []


def test_what_was_chosen_is_known_when_the_take_is_opened_again(page: Page, tmp_path: Path) -> None:
    page.act("click", **NESTING, x=10.0, y=12.0)
    page.act("choose", **NESTING)
    page.service.close()
    again = Page(tmp_path)
    assert shown(again.act("choose", **NESTING)) == AREAS[2]
    again.service.close()


def test_where_there_is_no_choice_it_says_why(page: Page) -> None:
    with pytest.raises(NothingToChoose, match="Only a single click"):
        page.act("choose", **NESTING)
    page.act("click", **PLACE, segmenter="squares", x=10.0, y=12.0)
    with pytest.raises(NothingToChoose, match="one mask for this click"):
        page.act("choose", **PLACE, segmenter="squares")
    boxed = {**PLACE, "object": "bin"}
    page.act("box", **boxed, values=[7.0, 17.0, 27.0, 37.0])
    with pytest.raises(NothingToChoose, match="Only a single click"):
        page.act("choose", **boxed)
