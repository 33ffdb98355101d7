"""The review of takes on the Label page, and the queue, which stays as it is while one works."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, draw_take
from label_window import TEST_PICTURES, LabelWindow

from teachloop.datasets.labels.edits import Edit, SetMask, SetObjects, SetReview
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode

CONFIDENCE = {"a": 0.9, "b": 0.3, "c": 0.6, "d": 0.8}
ROWS = ".tl-label .queue li"
TALLY = "document.querySelector('.tl-label .queue .tally').textContent"
REASON = ".tl-label .reason input"
VERDICT = ".tl-label .verdict"


@pytest.fixture
def server(new_server: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    """Four takes, numbered 1 to 4; the last is done."""
    for name, sure in CONFIDENCE.items():
        draw_take(tmp_path, name, labeled=False)
        say(tmp_path, name, mask(sure), SetReview("done" if name == "d" else "open"))
    server = new_server(tmp_path, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def window(new_window: Callable[..., Any], server: Any) -> LabelWindow:
    window = LabelWindow(new_window(), server.data)
    window.window.tab("label")
    window.page.wait_for_selector(ROWS)
    return window


def mask(sure: float, source: MaskSource = MaskSource.PROPAGATED) -> SetMask:
    record = MaskRecord(rle=encode(np.eye(SIDE)), source=source, confidence=sure)
    return SetMask("front", 0, "cup", record)


def say(data: Path, take: str, *edits: Edit) -> None:
    labels = Labels.open(data / "takes" / take)
    objects = SetObjects((ObjectLabel("cup", target=True),))
    labels.apply([objects, *edits], labels.revision, "test")


def named(window: LabelWindow, name: str) -> None:
    window.page.fill(".tl-label .author input", name)
    window.page.press(".tl-label .author input", "Enter")


def order(window: LabelWindow) -> list[int]:
    return [int(number) for number in window.page.locator(f"{ROWS} b").all_inner_texts()]


def state(window: LabelWindow, number: int) -> str:
    return window.page.inner_text(f"{ROWS}:has(b:text-is('{number}')) em")


def test_a_take_is_done_sent_back_put_right_and_approved(window: LabelWindow) -> None:
    page = window.page
    window.show("a")
    named(window, "Ada")
    page.keyboard.press("Enter")
    window.window.wait(f"{TALLY} === '2 of 4 done'")
    assert state(window, 1) == "done ✓"
    page.select_option(".tl-label .order", "review")
    window.window.blur()
    assert order(window)[:2] == [4, 1]
    window.show("a")
    named(window, "Grace")
    page.keyboard.press("Backspace")
    page.keyboard.type("the mask slips at 40")
    window.state("Not saved yet")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tl-label .title:text-is('Take 4')")
    window.window.wait(f"{TALLY} === '1 of 4 done'")
    row = page.locator(f"{ROWS}:has(b:text-is('1'))")
    assert state(window, 1) == "sent back"
    assert row.locator("q").inner_text().strip('"“”') == "the mask slips at 40"
    assert "Sent back by Grace" in (row.locator("button").get_attribute("title") or "")
    page.keyboard.press("v")
    page.wait_for_selector(f"{ROWS}:has(b:text-is('4')) em:text-is('approved ✓')")
    assert window.labels("d").snapshot.review == "approved"
    window.show("a")
    assert "Sent back by Grace" in page.inner_text(f"{VERDICT} p")
    assert "the mask slips at 40" in page.inner_text(f"{VERDICT} p")
    named(window, "Ada")
    page.keyboard.press("Enter")
    window.window.wait(f"{TALLY} === '2 of 4 done'")
    window.show("a")
    assert page.inner_text(f"{VERDICT} p").startswith("Done by Ada")
    page.click(f"{VERDICT} summary:text-is('2 before')")
    earlier = page.locator(f"{VERDICT} li").all_inner_texts()
    assert "the mask slips at 40" in earlier[0]
    assert earlier[1].startswith("Done by Ada")
    assert [each.review for each in window.labels("a").snapshot.comments] == [
        "done", "returned", "done",
    ]  # fmt: skip


def test_nothing_is_sent_back_before_a_reason_is_given(window: LabelWindow) -> None:
    page = window.page
    window.show("d")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    assert window.labels("d").snapshot.review == "done"
    page.keyboard.press("Backspace")
    page.keyboard.type("half a sent")
    page.click(".tl-label [data-key=ArrowRight]")
    window.state("Not saved yet")
    assert page.is_visible(REASON), "who looks at a frame meanwhile has sent nothing"
    window.show("c")
    assert page.is_hidden(REASON), "it is of the other take"
    window.show("d")
    assert page.input_value(REASON) == "half a sent"
    page.focus(REASON)
    page.keyboard.press("Escape")
    window.state("Saved")
    assert page.is_hidden(REASON)
    assert window.labels("d").snapshot.review == "done"


def test_a_step_of_a_review_is_taken_back(window: LabelWindow) -> None:
    window.show("c")
    window.page.keyboard.press("v")
    window.revision(2)
    assert window.labels("c").snapshot.review == "approved"
    window.page.keyboard.press("z")
    window.revision(3)
    assert window.labels("c").snapshot.review == "open"
    window.page.wait_for_selector(VERDICT, state="hidden")


def test_another_window_sees_that_a_take_was_sent_back(
    window: LabelWindow, new_window: Callable[..., Any], server: Any
) -> None:
    other = LabelWindow(new_window(), server.data)
    for each in (window, other):
        each.show("d")
    window.page.keyboard.press("Backspace")
    window.page.keyboard.type("look at 3")
    window.page.keyboard.press("Enter")
    other.page.wait_for_selector(f"{VERDICT}.returned:has-text('look at 3')")


def test_the_queue_stays_still_until_its_order_is_asked_for(
    window: LabelWindow, server: Any
) -> None:
    """The least sure first; what is done comes last."""
    assert order(window) == [2, 3, 1, 4]
    window.window.wait(f"{TALLY} === '1 of 4 done'")
    say(server.data, "b", mask(1.0))
    say(server.data, "a", mask(0.1))
    draw_take(server.data, "e", labeled=False)
    window.show("b")
    window.page.keyboard.press("Enter")
    window.window.wait(f"{TALLY} === '2 of 5 done'")
    assert state(window, 1) == "10 %"
    assert order(window) == [2, 3, 1, 4, 5]
    window.page.wait_for_selector(".tl-label .title:text-is('Take 3')")
    window.page.keyboard.press("q")
    assert order(window) == [5, 1, 3, 4, 2]
