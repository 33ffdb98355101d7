"""Sub-tasks on the Label page: suggested, cut, joined, named, moved by keys and by the mouse."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from drawn_takes import TICK_NS, TICKS, draw_take
from label_window import TEST_PICTURES, LabelWindow

from teachloop.datasets.labels.edits import SetSegments
from teachloop.datasets.labels.label_values import Segment
from teachloop.datasets.labels.labels import Labels

Parts = list[tuple[int, int, str]]  # ticks [start, end), name

CLOSES = 10  # the tick at which the gripper is told to close
BLOCKS = ".tl-label .subtasks .block"
HANDLES = ".tl-label .subtasks .handles i"
NAME = ".tl-label .subtasks .naming input"
OFFERS = ".tl-label .subtasks .naming li"
TAKES = ("suggested", "edited", "cut", "named", "keys", "mouse", "shared", "typed", "apart")


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Takes of one task, one of which is cut and named already, and one of another task."""
    data = tmp_path_factory.mktemp("subtasks")
    for name in TAKES:
        draw_take(data, name, labeled=False, closes=CLOSES, task="push")
    for name, task, words in (("known", "push", "reach push"), ("other", "pour", "tilt pour")):
        draw_take(data, name, labeled=False, task=task)
        first, second = words.split()
        cut_ns = (CLOSES + 1) * TICK_NS
        parts = Segment(0, cut_ns, first), Segment(cut_ns, 10**12, second)
        Labels.open(data / "takes" / name).apply([SetSegments(parts)], 0, "test")
    server = new_server(data, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


def parts(window: LabelWindow, take: str) -> Parts:
    """What is on the disk, by ticks."""
    segments = window.labels(take).snapshot.segments
    return [
        (each.start_ns // TICK_NS - 1, -(-each.end_ns // TICK_NS) - 1, each.text)
        for each in segments
    ]


def shown(window: LabelWindow) -> list[str]:
    return window.page.locator(BLOCKS).all_inner_texts()


def press(window: LabelWindow, *keys: str) -> None:
    for key in keys:
        window.page.keyboard.press(key)


def go_to(window: LabelWindow, tick: int) -> None:
    press(window, "Home", *["ArrowRight"] * tick)
    assert window.tick - 1 == tick


def test_a_suggestion_is_shown_by_one_key_and_taken_by_the_same(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("suggested")
    press(window, "g")
    window.page.wait_for_selector(f"{BLOCKS}.suggested")
    assert shown(window) == ["unnamed", "unnamed"]
    assert parts(window, "suggested") == []
    press(window, "Escape")
    assert shown(window) == []
    press(window, "g", "g")
    window.revision(1)
    assert parts(window, "suggested") == [(0, CLOSES, ""), (CLOSES, TICKS, "")]
    assert window.page.locator(f"{BLOCKS}.suggested").count() == 0
    press(window, "g")
    window.page.wait_for_selector(".tl-notice:has-text('All of the take is cut')")
    press(window, "z")
    window.revision(2)
    assert parts(window, "suggested") == []


def test_a_suggestion_that_is_edited_is_taken_with_the_edit_in_one_step(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("edited")
    go_to(window, 5)
    press(window, "g", "x")
    window.revision(1)
    assert parts(window, "edited") == [(0, 5, ""), (5, CLOSES, ""), (CLOSES, TICKS, "")]
    press(window, "z")
    window.revision(2)
    assert parts(window, "edited") == []
    press(window, "y")
    window.revision(3)
    assert len(parts(window, "edited")) == 3


def test_parts_are_split_at_the_playhead_joined_with_the_next_and_deleted(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("cut")
    go_to(window, 8)
    press(window, "u")
    window.page.wait_for_selector(".tl-notice:has-text('no sub-task at this frame')")
    press(window, "x")
    window.revision(1)
    assert parts(window, "cut") == [(0, 8, ""), (8, TICKS, "")]
    press(window, "x")
    window.page.wait_for_selector(".tl-notice:has-text('begins at this frame')")
    go_to(window, 14)
    press(window, "x")
    window.revision(2)
    go_to(window, 8)
    press(window, "d")
    window.revision(3)
    assert parts(window, "cut") == [(0, 8, ""), (14, TICKS, "")]
    press(window, "g", "g")
    window.revision(4)
    assert parts(window, "cut") == [(0, 8, ""), (8, 10, ""), (10, 14, ""), (14, TICKS, "")]
    press(window, "u")
    window.revision(5)
    press(window, "End", "u")
    window.revision(6)
    assert parts(window, "cut") == [(0, 8, ""), (8, TICKS, "")]


def test_parts_are_named_one_after_the_other_in_the_words_of_other_takes_of_the_task(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("named")
    page = window.page
    press(window, "g", "g", "t")
    window.revision(1)
    page.wait_for_selector(f"{NAME}:visible")
    assert page.locator(OFFERS).all_inner_texts() == ["reach", "push"]
    press(window, "Enter")
    window.revision(2)
    assert parts(window, "named") == [(0, CLOSES, "reach"), (CLOSES, TICKS, "")]
    assert window.tick - 1 == CLOSES
    assert page.locator(OFFERS).all_inner_texts() == ["push", "reach"]
    press(window, "ArrowDown", "ArrowDown", "ArrowUp")
    assert page.input_value(NAME) == "push"
    page.keyboard.type(" it away")
    window.state("Not saved yet")
    press(window, "Enter")
    window.revision(3)
    assert [text for _, _, text in parts(window, "named")] == ["reach", "push it away"]
    page.wait_for_selector(NAME, state="hidden")
    press(window, "t")
    page.keyboard.type("something else")
    press(window, "Escape")
    window.state("Saved")
    page.locator(BLOCKS).first.dblclick()
    page.click(f"{OFFERS}:text-is('push')")
    window.revision(4)
    assert shown(window) == ["push", "push it away"]


def test_a_border_is_moved_by_keys_frame_by_frame_and_taken_back_in_one_step(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("keys")
    press(window, "g", "g")
    window.revision(1)
    press(window, "e")
    press(window, *["ArrowRight"] * 3, "ArrowLeft")
    window.state("Not saved yet")
    assert window.tick - 1 == CLOSES + 2, "the first frame of what comes after it is shown"
    window.revision(2)
    assert parts(window, "keys") == [(0, CLOSES + 2, ""), (CLOSES + 2, TICKS, "")]
    press(window, "Shift+ArrowRight", "Enter")
    window.revision(3)
    assert parts(window, "keys") == [(0, TICKS - 1, ""), (TICKS - 1, TICKS, "")]
    assert window.labels("keys").snapshot.review == "open", "that Enter was the border's"
    press(window, "z")
    window.revision(4)
    press(window, "z")
    window.revision(5)
    assert parts(window, "keys") == [(0, CLOSES, ""), (CLOSES, TICKS, "")]
    press(window, "Home", "e", "ArrowLeft", "z")
    window.revision(7)
    assert parts(window, "keys") == [(0, CLOSES, ""), (CLOSES, TICKS, "")]
    press(window, "Home", "e", "ArrowLeft", "Escape")
    window.state("Saved")
    assert len(window.labels("keys").history()) == 7


def test_a_border_is_dragged_as_far_as_its_neighbours_let_it(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("mouse")
    page = window.page
    press(window, "g", "g")
    window.revision(1)
    handle, last = page.locator(HANDLES).nth(1), page.locator(HANDLES).last
    tick_px = (middle(last)[0] - middle(handle)[0]) / (TICKS - CLOSES)
    drag(page, handle, -4 * tick_px)
    window.revision(2)
    assert parts(window, "mouse") == [(0, CLOSES - 4, ""), (CLOSES - 4, TICKS, "")]
    drag(page, handle, -50 * tick_px)
    window.revision(3)
    assert parts(window, "mouse") == [(0, 1, ""), (1, TICKS, "")]
    drag(page, last, -2 * tick_px)
    window.revision(4)
    assert parts(window, "mouse") == [(0, 1, ""), (1, TICKS - 2, "")]


def middle(handle: Any) -> tuple[float, float]:
    box = handle.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Any, handle: Any, by_px: float) -> None:
    x, y = middle(handle)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by_px, y, steps=4)
    page.mouse.up()


def test_two_windows_cut_one_take_and_both_cuts_are_kept(
    open_take: Callable[[str], LabelWindow],
) -> None:
    one, other = open_take("shared"), open_take("shared")
    press(one, "g", "g")
    one.revision(1)
    other.revision(1)
    go_to(one, 4)
    go_to(other, 15)
    press(one, "x")
    press(other, "x")
    for window in (one, other):
        window.revision(3)
        window.window.wait(f"document.querySelectorAll('{BLOCKS}').length === 4")
        assert window.page.locator(".tl-notice.bad").count() == 0
    starts = [start for start, _, _ in parts(one, "shared")]
    assert starts == [0, 4, CLOSES, 15]


def test_a_name_that_is_typed_while_another_window_cuts_is_kept(
    open_take: Callable[[str], LabelWindow],
) -> None:
    one, other = open_take("typed"), open_take("typed")
    press(one, "g", "g")
    other.revision(1)
    press(other, "t")
    other.page.keyboard.type("come near")
    go_to(one, 15)
    press(one, "x")
    one.revision(2)
    other.window.wait(f"document.querySelectorAll('{BLOCKS}').length === 3")
    press(other, "Enter")
    one.revision(3)
    assert parts(one, "typed") == [
        (0, CLOSES, "come near"), (CLOSES, 15, ""), (15, TICKS, "")
    ]  # fmt: skip


def test_each_take_has_parts_of_its_own(open_take: Callable[[str], LabelWindow]) -> None:
    window = open_take("apart")
    press(window, "g")
    window.page.wait_for_selector(f"{BLOCKS}.suggested")
    window.show("known")
    assert shown(window) == ["reach", "push"]
    window.show("other")
    assert shown(window) == ["tilt", "pour"]
    window.show("apart")
    assert shown(window) == []
    assert parts(window, "apart") == []
