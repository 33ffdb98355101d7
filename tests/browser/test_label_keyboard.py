"""A take is labelled, propagated and done with by keyboard alone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import TICKS, draw_take
from label_window import TEST_PICTURES, LabelWindow

from teachloop.datasets.labels.masks import MaskSource, decode

TABS = 80


@pytest.fixture
def server(new_server: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    """One of its own for each try: what an earlier try labelled would be counted, too."""
    for name in ("one", "two"):
        draw_take(tmp_path, name, labeled=False)
    server = new_server(tmp_path, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


def tab_to(page: Any, selector: str) -> None:
    """As somebody without a mouse gets there."""
    for _ in range(TABS):
        if page.evaluate("given => document.activeElement?.matches(given)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"The Tab key does not lead to {selector}.")


def press(page: Any, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def test_label_and_propagate_by_keyboard_alone(new_window: Callable[..., Any], server: Any) -> None:
    window = LabelWindow(new_window(), server.data)
    page = window.page
    press(page, "2")
    page.wait_for_selector(".tl-label .title:text-is('Take 2')")
    press(page, "]")
    page.wait_for_selector(".tl-label .title:text-is('Take 1')")
    window.drawn()
    tab_to(page, ".tl-label .camera[data-camera=front]")
    press(page, "Shift+ArrowLeft")  # from the middle at 32, 32 into the square around 17, 27
    press(page, "ArrowLeft", 5)
    press(page, "ArrowUp", 5)
    press(page, "Enter")
    window.caption("clicked")
    ((place, record),) = window.labels("one").snapshot.masks.items()
    assert (place[:2], record.source) == (("front", 0), MaskSource.HUMAN)
    assert decode(record.rle)[27, 17]
    press(page, "b")
    press(page, "Shift+ArrowLeft")
    press(page, "Shift+ArrowUp")
    press(page, "Enter")
    press(page, "Shift+ArrowRight", 2)
    press(page, "Shift+ArrowDown", 2)
    press(page, "Enter")
    window.revision(3)
    assert page.get_attribute(".tl-label .box", "aria-pressed") == "false"
    box = window.labels("one").snapshot.prompts[-1]
    assert (box.kind, box.values) == ("box", (7.0, 17.0, 27.0, 37.0))
    press(page, "z")
    window.revision(4)
    tab_to(page, ".tl-label .track")
    press(page, "p")
    window.revision(5)
    press(page, "ArrowRight")
    window.caption("propagated")
    press(page, "End")
    assert window.tick == TICKS
    press(page, "l")
    window.caption("locked")
    tab_to(page, "#label-instruction")
    press(page, "End")
    page.keyboard.type(", slowly")
    press(page, "Enter")
    window.revision(7)
    tab_to(page, ".tl-label .add-object")
    press(page, "Enter")
    page.keyboard.type("bin")
    press(page, "Enter")
    window.revision(8)
    press(page, "s")
    window.revision(9)
    press(page, "Enter")
    page.wait_for_selector(".tl-label .title:text-is('Take 2')")
    said = window.labels("one").snapshot
    assert said.instruction == "push the red square to the right, slowly"
    assert [(each.name, each.target) for each in said.objects][1:] == [("bin", False)]
    assert (said.success, said.review) == (True, "done")
    assert len(said.masks) == 2 * TICKS
