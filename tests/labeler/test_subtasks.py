"""Parts of a take: by ticks on the page, by times in the labels."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import TICK_NS, TICKS, draw_take
from label_service import Page

from teachloop.datasets.catalog import Catalog
from teachloop.datasets.labels.edits import Segment, SetSegments
from teachloop.datasets.labels.labels import Labels

HALVES: list[dict[str, Any]] = [
    {"start": 0, "end": 8, "text": " reach  for it"},
    {"start": 8, "end": TICKS, "text": ""},
]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """The ticks of the take are at 1, 2, … times TICK_NS."""
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    yield page
    page.service.close()


def labels(tmp_path: Path) -> Labels:
    return Labels.open(tmp_path / "takes" / "one")


def test_parts_are_kept_by_the_times_of_their_ticks_the_last_one_included(
    page: Page, tmp_path: Path
) -> None:
    shown = page.act("segments", segments=HALVES).segments
    assert [(each.start, each.end, each.text) for each in shown] == [
        (0, 8, "reach for it"),
        (8, TICKS, ""),
    ]
    assert labels(tmp_path).snapshot.segments == (
        Segment(TICK_NS, 9 * TICK_NS, "reach for it"),
        Segment(9 * TICK_NS, TICKS * TICK_NS + 1, ""),
    )


def test_between_parts_there_may_be_something_else(page: Page) -> None:
    apart = [{**HALVES[0], "end": 5}, {**HALVES[1], "start": 12}]
    shown = page.act("segments", segments=apart).segments
    assert [(each.start, each.end) for each in shown] == [(0, 5), (12, TICKS)]


def test_times_that_lie_between_ticks_hold_the_ticks_between_them(
    page: Page, tmp_path: Path
) -> None:
    """As another program may have written them; what holds no tick is not shown."""
    segments = (
        Segment(0, 3 * TICK_NS + 1, "reach"),
        Segment(3 * TICK_NS + 2, 4 * TICK_NS, "nothing"),
        Segment(5 * TICK_NS - 1, 10**30, "lift"),
    )
    labels(tmp_path).apply([SetSegments(segments)], 0, "test")
    shown = page.act("read").segments
    assert [(each.start, each.end, each.text) for each in shown] == [
        (0, 3, "reach"),
        (4, TICKS, "lift"),
    ]


def test_a_division_is_taken_back_in_one_step(page: Page) -> None:
    page.act("segments", segments=HALVES)
    page.act("segments", segments=HALVES[:1])
    assert [each.end for each in page.act("undo").segments] == [8, TICKS]
    assert page.act("undo").segments == []
    assert [each.end for each in page.act("redo").segments] == [8, TICKS]


def test_the_list_of_takes_tells_what_the_parts_are_called(page: Page, tmp_path: Path) -> None:
    page.act("segments", segments=HALVES)
    with Catalog(tmp_path) as catalog:
        catalog.refresh()
        (row,) = catalog.takes()
    assert row.subtasks == ["reach for it", ""]
