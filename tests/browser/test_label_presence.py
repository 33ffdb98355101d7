"""Two people do not begin on one take by accident, and nothing keeps them from it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import draw_take
from label_window import TEST_PICTURES, LabelWindow

TITLE = ".tl-label .panel .others"
NOTICES = ".tl-notices"
LISTED_MS = 2_500  # until every window has the list of takes anew


@pytest.fixture
def server(new_server: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    """Three takes, numbered 1 to 3; the newest stands first."""
    for name in ("a", "b", "c"):
        draw_take(tmp_path, name, labeled=False)
    server = new_server(tmp_path, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_as(open_take: Callable[[str], LabelWindow]) -> Callable[[str, str], LabelWindow]:
    """Opens a window with somebody's name in it; "" has none."""

    def opened(name: str, take: str) -> LabelWindow:
        window = open_take(take)
        window.page.fill(".tl-label .author input", name)
        window.page.press(".tl-label .author input", "Enter")
        window.window.blur()
        return window

    return opened


def row(number: int) -> str:
    return f".tl-label .queue li:has(b:text-is('{number}'))"


def somebody_at(window: LabelWindow, number: int, words: str) -> None:
    """Wait until the row of a take says it."""
    window.page.wait_for_selector(f"{row(number)} .others:text-is('{words}')")


def nobody_at(window: LabelWindow, number: int) -> None:
    window.page.wait_for_selector(f"{row(number)} .others", state="detached")


def shows(window: LabelWindow, number: int) -> None:
    window.page.wait_for_selector(f".tl-label .title:text-is('Take {number}')")


def test_the_queue_passes_over_takes_that_somebody_else_is_at(
    open_as: Callable[[str, str], LabelWindow],
) -> None:
    grace, ada = open_as("Grace", "c"), open_as("Ada", "b")
    order = [int(each) for each in grace.page.locator(".tl-label .queue b").all_inner_texts()]
    assert order == [3, 2, 1]
    ada.page.keyboard.press("s")
    somebody_at(grace, 2, "Ada is at this")
    assert ada.page.inner_text(TITLE) == "", "nobody is told of themselves"
    assert "At this: Ada since " in (grace.page.get_attribute(f"{row(2)} button", "title") or "")
    grace.page.keyboard.press("]")
    shows(grace, 1)
    grace.page.keyboard.press("[")
    shows(grace, 3)
    ada.show("a")
    nobody_at(grace, 2)
    ada.page.keyboard.press("s")
    somebody_at(grace, 1, "Ada is at this")
    grace.page.keyboard.press("]")
    shows(grace, 2)
    grace.page.keyboard.press("]")
    grace.page.wait_for_selector(f"{NOTICES} :text('Ada is at take 1')")
    shows(grace, 2)


def test_who_comes_to_the_page_begins_with_a_take_that_nobody_is_at(
    open_as: Callable[[str, str], LabelWindow], new_window: Callable[..., Any], server: Any
) -> None:
    ada = open_as("Ada", "c")
    ada.page.keyboard.press("s")
    ada.page.wait_for_selector(".tl-label .success[aria-pressed=true]")
    late = LabelWindow(new_window(), server.data)
    late.window.tab("label")
    shows(late, 2)
    somebody_at(late, 3, "Ada is at this")


def test_a_take_that_somebody_is_at_opens_by_its_row_and_both_are_kept(
    open_as: Callable[[str, str], LabelWindow],
) -> None:
    grace, ada = open_as("Grace", "c"), open_as("Ada", "b")
    grace.page.hover(f"{row(2)} button")
    grace.page.mouse.down()
    ada.say("push it gently")
    somebody_at(grace, 2, "Ada is at this")
    grace.page.wait_for_timeout(LISTED_MS)
    grace.page.mouse.up()
    grace.page.wait_for_selector(f"{NOTICES} :text('Ada is at take 2')")
    grace.page.wait_for_selector(f"{row(2)} :text('push it gently')")
    assert grace.page.inner_text(TITLE) == "Ada is at this"
    assert (grace.page.get_attribute(TITLE, "title") or "").startswith("At this: Ada since ")
    grace.page.keyboard.press("f")
    ada.page.wait_for_selector(f"{TITLE}:text-is('Grace is at this')")
    said = grace.labels("b").snapshot
    assert (said.instruction, said.success) == ("push it gently", False)
    grace.page.keyboard.press("v")
    grace.page.wait_for_selector(f"{NOTICES} :text('Approved, while Ada is at take 2.')")
    ada.page.close()
    grace.page.wait_for_selector(f"{TITLE}:text-is('')", state="attached")


def test_one_name_is_one_person_and_nobody_named_is_somebody(
    open_as: Callable[[str, str], LabelWindow],
) -> None:
    one, other, nobody = open_as("Ada", "c"), open_as("Ada", "b"), open_as("", "a")
    one.page.keyboard.press("s")
    nobody.page.keyboard.press("s")
    somebody_at(nobody, 3, "Ada is at this")
    somebody_at(other, 1, "Somebody is at this")
    assert other.page.locator(f"{row(3)} .others").count() == 0, "it is the same person"
    assert nobody.page.inner_text(TITLE) == ""
    one.window.tab("data")
    nobody_at(nobody, 3)
