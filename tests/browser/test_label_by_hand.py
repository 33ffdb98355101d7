"""Masks are drawn by hand on the Label page: brush, eraser and polygon, and how masks look."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, draw_take
from label_window import TEST_PICTURES, LabelWindow

from teachloop.datasets.labels.edits import Edit, SetMask, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, decode, encode

TARGET = SetObjects((ObjectLabel("cup", target=True),))
TAKES = ("brushed", "erased", "outlined", "corners", "by-keys", "look", "kept", "row")
Point = tuple[float, float]


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("by_hand")
    for name in TAKES:
        draw_take(data, name, labeled=False)
    server = new_server(data, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_take(kept_window: Any, server: Any) -> Callable[..., LabelWindow]:
    def opened(take: str, *edits: Edit) -> LabelWindow:
        Labels.open(server.data / "takes" / take).apply([TARGET, *edits], 0, "test")
        window = LabelWindow(kept_window, server.data)
        kept_window.blur()
        window.show(take)
        window.page.keyboard.press("Escape")
        return window

    return opened


def square(left: int, top: int, side: int = 14, frame: int = 0) -> SetMask:
    mask = np.zeros((SIDE, SIDE), bool)
    mask[top : top + side, left : left + side] = True
    record = MaskRecord(rle=encode(mask), source=MaskSource.HUMAN)
    return SetMask("front", frame, "cup", record)


def record(window: LabelWindow, take: str) -> MaskRecord:
    return window.labels(take).snapshot.masks["front", 0, "cup"]


def drag(window: LabelWindow, *points: Point, button: Any = "left") -> None:
    mouse = window.page.mouse
    mouse.move(*window.at(*points[0]))
    mouse.down(button=button)
    for point in points[1:]:
        mouse.move(*window.at(*point), steps=4)
    mouse.up(button=button)


def strength(window: LabelWindow, x: float, y: float) -> int:
    """How opaque what lies over a pixel of the picture is, 0 to 255."""
    return window.page.evaluate(
        """([x, y]) => {
          const over = document.querySelector(".tl-label [data-camera=front] .over");
          const { left, top } = over.getBoundingClientRect();
          return over.getContext("2d").getImageData(x - left, y - top, 1, 1).data[3];
        }""",
        window.at(x, y),
    )


def test_a_brush_paints_in_the_width_of_its_ring_and_one_step_takes_a_stroke_back(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("brushed")
    page = window.page
    page.keyboard.press("7")
    assert page.inner_text(".tl-label .toolbar .width") == "12 px"
    page.keyboard.press("[")
    page.keyboard.press("[")
    assert page.inner_text(".tl-label .toolbar .width") == "8 px"
    drag(window, (20, 30), (44, 30))
    window.revision(2)
    window.caption("drawn by hand")
    mask = decode(record(window, "brushed").rle)
    rows, columns = np.nonzero(mask)
    assert (rows.max() - rows.min() + 1, columns.max() - columns.min() + 1) == (
        pytest.approx(8, abs=1), pytest.approx(32, abs=2),
    )  # fmt: skip
    drag(window, (32, 44), (32, 52))
    window.revision(3)
    page.keyboard.press("z")
    window.revision(4)
    assert np.array_equal(decode(record(window, "brushed").rle), mask)
    page.keyboard.press("]")
    page.keyboard.press("]")


def test_the_eraser_and_the_right_button_take_away(open_take: Callable[..., LabelWindow]) -> None:
    window = open_take("erased", square(10, 20))
    window.page.keyboard.press("8")
    drag(window, (10, 20), (10, 34))
    window.revision(2)
    mask = decode(record(window, "erased").rle)
    assert not mask[27, 12]
    assert mask[27, 20]
    window.page.keyboard.press("7")
    drag(window, (26, 20), (26, 34), button="right")
    window.revision(3)
    mask = decode(record(window, "erased").rle)
    assert not mask[27, 22]
    assert mask[27, 18]
    assert record(window, "erased").source == MaskSource.DRAWN
    window.page.keyboard.press("Escape")
    window.click(40, 50)
    window.revision(4)
    assert window.labels("erased").snapshot.prompts[-1].kind == "point"


@pytest.mark.parametrize("closed", ["Enter", "a double click"])
def test_a_polygon_is_closed_and_is_one_step(
    open_take: Callable[..., LabelWindow], closed: str
) -> None:
    take = "outlined" if closed == "Enter" else "kept"
    window = open_take(take)
    page = window.page
    title = page.inner_text(".tl-label .title")
    page.keyboard.press("9")
    for corner in ((19.5, 9.5), (39.5, 9.5), (39.5, 29.5), (60, 60)):
        window.click(*corner)
    page.keyboard.press("Backspace")
    if closed == "Enter":
        window.click(19.5, 29.5)
        page.keyboard.press("Enter")
    else:
        page.mouse.dblclick(*window.at(19.5, 29.5))
    window.revision(2)
    rows, columns = np.nonzero(decode(record(window, take).rle))
    assert (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1) == (10, 30, 20, 40)
    assert page.inner_text(".tl-label .title") == title, "Enter is not Done here"
    page.keyboard.press("z")
    window.without_mask()


def test_escape_drops_a_polygon_and_then_leads_back_to_clicks(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("corners")
    page = window.page
    page.keyboard.press("9")
    for corner in ((20, 10), (40, 10), (40, 30)):
        window.click(*corner)
    assert strength(window, 36, 16) > 0
    page.keyboard.press("Escape")
    assert page.get_attribute(".tl-label .polygon", "aria-pressed") == "true"
    assert strength(window, 36, 16) == 0
    page.keyboard.press("Escape")
    assert page.get_attribute(".tl-label .click", "aria-pressed") == "true"
    assert window.labels("corners").revision == 1


def test_a_polygon_and_a_dot_by_keyboard(open_take: Callable[..., LabelWindow]) -> None:
    """The cross begins in the middle."""
    window = open_take("by-keys")
    page = window.page
    page.keyboard.press("9")
    page.focus(".tl-label .camera[data-camera=front]")
    for key in ("", "Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowLeft"):
        if key:
            page.keyboard.press(key)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    window.revision(2)
    rows, columns = np.nonzero(decode(record(window, "by-keys").rle))
    assert (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1) == (32, 42, 32, 42)
    page.keyboard.press("8")
    page.keyboard.press("Enter")
    window.revision(3)
    assert not decode(record(window, "by-keys").rle)[40, 33]


def test_masks_are_stronger_fainter_or_lines_and_show_the_one_before(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("look", square(10, 20), square(40, 40, frame=1))
    window.caption("clicked")
    page = window.page
    page.mouse.move(*window.at(60, 4))
    usual = strength(window, 17, 27)
    page.keyboard.press(">")
    assert strength(window, 17, 27) > usual > 0
    page.keyboard.press("'")
    assert strength(window, 17, 27) == 0
    assert strength(window, 9.5, 27) > 0, "the line stays"
    page.keyboard.press("'")
    page.keyboard.press("<")
    assert strength(window, 17, 27) == usual
    page.keyboard.press("ArrowRight")
    window.caption("front 1")
    assert strength(window, 9.5, 27) == 0
    page.keyboard.press(";")
    assert strength(window, 9.5, 27) > 0
    assert strength(window, 17, 27) == 0
    page.keyboard.press(";")
    assert strength(window, 9.5, 27) == 0


def test_the_tools_stand_in_one_row_whole(open_take: Callable[..., LabelWindow]) -> None:
    page = open_take("row").page
    page.keyboard.press("7")
    found = page.evaluate(
        """() => {
          const desk = document.querySelector(".tl-label .desk").getBoundingClientRect();
          const tools = document.querySelectorAll(".tl-label .toolbar :is(button, input, output)");
          const boxes = [...tools].map((each) => each.getBoundingClientRect());
          const inside = boxes.every(({ left, right }) => left >= desk.left && right <= desk.right);
          const middles = boxes.map(({ top, bottom }) => (top + bottom) / 2);
          return [inside, Math.max(...middles) - Math.min(...middles)];
        }"""
    )
    assert found[0]
    assert found[1] < 10
