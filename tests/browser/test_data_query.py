"""The list of takes is searched by words and by conditions, and ordered by its columns."""

from typing import Any

import pytest
from drawn_takes import draw_take

from teachloop.datasets.labels.edits import SetInstruction, SetTags
from teachloop.datasets.labels.labels import Labels

TAKES = ("20260101-000000-0001", "20260101-000000-0002", "20260101-000000-0003")
SHORT, LONG, BARE = TAKES
LISTED = (
    "[...document.querySelectorAll('.tl-data tbody tr[data-take]')].map(row => row.dataset.take)"
)


@pytest.fixture
def listed(window: Any, server: Any) -> Any:
    """Three takes: a short one that succeeded, a long one that failed, one that nobody labelled."""
    if not (server.data / "takes" / SHORT).exists():
        draw_take(server.data, SHORT, success=True, ticks=range(12))
        draw_take(server.data, LONG, success=False, task="tidy up")
        draw_take(server.data, BARE, labeled=False, wandering=3)
        say(server, SHORT, SetInstruction("put the red cup away"), SetTags(("spring",)))
    window.tab("data")
    window.page.fill(".tl-data .search", "after:2026-01-01 before:2026-01-02")
    shows(window, BARE, LONG, SHORT)
    return window


def say(server: Any, take: str, *edits: Any) -> None:
    labels = Labels.open(server.data / "takes" / take)
    labels.apply(edits, labels.revision, "Ada")


def shows(window: Any, *takes: str) -> None:
    window.wait(f"JSON.stringify({LISTED}) === JSON.stringify(given)", list(takes))


QUERIES = {
    "cup red": (SHORT,),
    "success:yes": (SHORT,),
    "success:no": (LONG,),
    "success:?": (BARE,),
    "labels:none": (BARE,),
    "labels:all success:no": (LONG,),
    "tag:spring": (SHORT,),
    'task:"tidy up"': (LONG,),
    "object:square": (LONG, SHORT),
    "camera:wrist push": (BARE, LONG),
    "camera:elbow": (),
    "before:2026": (),
    "after:2027": (),
}


def test_conditions_and_words_must_all_hold(listed: Any) -> None:
    for query, takes in QUERIES.items():
        listed.page.fill(".tl-data .search", f"{query} after:2026-01-01 before:2026-01-02")
        shows(listed, *takes)


def test_what_is_listed_is_told_in_numbers(listed: Any) -> None:
    page = listed.page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("t")
    told = page.inner_text(".tl-dialog .statistics")
    assert "· 3 takes," in page.inner_text(".tl-dialog h2")
    lines = told.split("\n")
    for name, count in {"tidy up": "1, 0 succeeded", "red square": "2", "failed": "1"}.items():
        assert lines[lines.index(name) + 1] == count
    assert lines[lines.index("red") + 1] == "3"
    page.keyboard.press("Escape")
    page.fill(".tl-data .search", "no take is called this")
    listed.wait("document.querySelector('.tl-data .list .statistics').disabled")


def test_a_head_orders_by_its_column_and_turns_round(listed: Any) -> None:
    page = listed.page
    page.click("th[data-column=success] button")
    shows(listed, SHORT, BARE, LONG)
    page.click("th[data-column=success] button")
    shows(listed, LONG, BARE, SHORT)
    assert page.get_attribute("th[data-column=success]", "aria-sort") == "ascending"
    page.click("th[data-column=instruction] button")
    shows(listed, BARE, LONG, SHORT)
    page.focus("th[data-column=number] button")
    page.keyboard.press("Enter")
    shows(listed, BARE, LONG, SHORT)
    assert page.locator("th[aria-sort]").count() == 1


def test_each_take_shows_a_picture(listed: Any) -> None:
    listed.wait(
        "[...document.querySelectorAll('.tl-data .thumbnail')].filter(each => each.naturalWidth)"
        ".length === 3"
    )
