"""An object is found by its name on the Label page: looked for, gone through, taken, or left."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import SIDE, draw_take
from label_window import TEST_PICTURES, LabelWindow

from teachloop.datasets.labels.masks import MaskSource, area
from teachloop.datasets.labels.snapshot import Snapshot

METHODS = Path(__file__).parents[1] / "labeler"
TAKES = ("taken", "left", "clicked", "unseen", "late", "stopped", "wrist")
THING = "red square"  # as the instruction calls it
HINT = "document.querySelector('.tl-label .panel .hint').textContent"


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A finder of somebody else, which sees what is red while there is a file."""
    data = tmp_path_factory.mktemp("finding")
    settings = {"finders": {"red": "made_up_methods:SlowRedThings"}, "finder": "red"}
    (data / "labeler.json").write_text(json.dumps(settings))
    for take in TAKES:
        draw_take(data, take, labeled=False)
    path = os.pathsep.join([str(METHODS), *filter(None, [os.environ.get("PYTHONPATH")])])
    told = {"MADE_UP_MAY_GO_ON": str(data / "may-go-on")}
    told |= {"MADE_UP_GIVEN_UP": str(data / "given-up")}
    server = new_server(data, {"PYTHONPATH": path, **told}, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def quick(server: Any) -> Path:
    """The file, without which the finder waits."""
    file = server.data / "may-go-on"
    file.touch()
    return file


def said(window: LabelWindow, take: str) -> Snapshot:
    return window.labels(take).snapshot


def wait_for_hint(window: LabelWindow, words: str) -> None:
    window.window.wait(f"{HINT}.startsWith(given)", words)


def test_what_was_found_is_gone_through_and_taken(
    open_take: Callable[[str], LabelWindow], server: Any
) -> None:
    window = open_take("taken")
    keyboard = window.page.keyboard
    keyboard.press("=")
    window.caption(f"found “{THING}”, 1 of 2, 88 % sure; I: another; ⏎ takes it, Esc leaves it")
    window.page.screenshot(path=server.data / "found.png")
    assert said(window, "taken").revision == 0
    keyboard.press("i")
    window.caption("2 of 2, 50 % sure")
    keyboard.press("i")
    window.caption("1 of 2, 88 % sure")
    keyboard.press("Enter")
    window.revision(1)
    window.caption(f"found by red as “{THING}” · 88 % sure · locked")
    now = said(window, "taken")
    record = now.masks["front", 0, THING]
    assert (record.source, record.confidence) == (MaskSource.MODEL, 0.875)
    assert area(record.rle) == pytest.approx(14 * 14, rel=0.02)
    assert (now.targets, now.review) == ((THING,), "open")
    window.page.reload(wait_until="domcontentloaded")
    window.show("taken")
    window.caption(f"found by red as “{THING}”")
    keyboard.press("z")
    window.without_mask()


def test_the_picture_that_the_pointer_is_at_is_looked_at(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("wrist")
    window.page.mouse.move(*window.at(5, 5, "wrist"))
    find = window.page.get_by_role("button", name="Find", exact=True)
    window.page.locator(".tl-label .panel .find").click()
    window.caption(f"found “{THING}”", "wrist")
    window.without_mask("front")
    assert find.count() == 1
    window.page.keyboard.press("Enter")
    window.revision(1)
    assert set(said(window, "wrist").masks) == {("wrist", 0, THING)}


def test_what_is_left_leaves_nothing(open_take: Callable[[str], LabelWindow]) -> None:
    window = open_take("left")
    window.page.keyboard.press("=")
    window.caption("found")
    window.page.keyboard.press("Escape")
    window.without_mask()
    window.page.keyboard.press("i")
    assert said(window, "left").revision == 0


def test_a_click_goes_on_from_what_was_taken(open_take: Callable[[str], LabelWindow]) -> None:
    window = open_take("clicked")
    window.page.keyboard.press("=")
    window.caption("found")
    window.page.keyboard.press("=")  # takes it, too
    window.revision(1)
    found = area(said(window, "clicked").masks["front", 0, THING].rle)
    window.click(11, 21, button="right")
    window.revision(2)
    record = said(window, "clicked").masks["front", 0, THING]
    assert (record.source, record.locked) == (MaskSource.HUMAN, False)
    assert area(record.rle) < found
    window.caption("clicked ·")


def test_what_is_not_there_is_said(open_take: Callable[[str], LabelWindow]) -> None:
    window = open_take("unseen")
    window.page.click(".tl-label .add-object")
    window.page.keyboard.type("green cup")
    window.page.keyboard.press("Enter")
    window.revision(1)
    window.page.keyboard.press("=")
    notices = "document.querySelector('.tl-notices')?.textContent"
    window.window.wait(f"{notices}?.includes('No “green cup” seen here.')")
    window.without_mask()


def test_an_answer_is_not_painted_where_another_frame_is_shown_by_then(
    open_take: Callable[[str], LabelWindow], quick: Path, server: Any
) -> None:
    window = open_take("late")
    quick.unlink()
    window.page.keyboard.press("=")
    window.caption(f"Looking for “{THING}” …")
    wait_for_hint(window, f"Looking for “{THING}” … Esc stops it.")
    window.page.screenshot(path=server.data / "looking.png")
    window.page.keyboard.press("ArrowRight")
    window.without_mask()
    quick.touch()
    window.window.wait(f"!{HINT}.startsWith('Looking')")
    window.without_mask()
    window.page.keyboard.press("i")
    window.page.keyboard.press("ArrowLeft")
    window.caption(f"found “{THING}”, 1 of 2")
    assert said(window, "late").revision == 0


def test_a_look_that_is_stopped_is_given_up(
    open_take: Callable[[str], LabelWindow], quick: Path, server: Any
) -> None:
    window = open_take("stopped")
    quick.unlink()
    window.page.keyboard.press("=")
    window.caption("Looking for")
    window.page.keyboard.press("Escape")
    window.without_mask()
    for _ in range(200):
        if (server.data / "given-up").exists():
            break
        window.page.wait_for_timeout(50)
    assert (server.data / "given-up").exists()
    quick.touch()
    window.page.wait_for_timeout(300)
    window.without_mask()
    assert window.side == SIDE
