"""The paths of many hands are seen at once, in a real browser."""

from typing import Any

SHEET = ".tl-dialog canvas.paths"
PIXELS = f"document.querySelector('{SHEET}').toDataURL()"


def seen_from_above(window: Any, point_mm: list[float]) -> tuple[float, float]:
    """Where a point is on the page, with x towards the reader and y to the right."""
    x, y, _ = point_mm
    box = window.page.locator(SHEET).bounding_box()
    scale = box["height"] / 1000
    return box["x"] + box["width"] / 2 + y * scale, box["y"] + box["height"] / 2 + (x - 450) * scale


def test_paths_are_turned_and_one_of_them_is_chosen(window: Any, server: Any) -> None:
    page = window.page
    take = window.record_expert()
    window.record(0.4)
    window.tab("data")
    row = f".tl-data tr[data-take='{take}']"
    page.check(f"{row} input")
    window.blur()
    page.keyboard.press("v")
    page.wait_for_selector(SHEET)
    assert "· 1 take" in page.inner_text(".tl-dialog h2")
    assert "the hand closes first in 1 place of 5 cm" in page.inner_text(".tl-dialog")
    page.screenshot(path=server.data / "paths.png")
    before = page.evaluate(PIXELS)
    page.focus(SHEET)
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    for _ in range(12):
        page.keyboard.press("ArrowUp")
    turned = page.evaluate(PIXELS)
    assert turned != before
    page.locator(".tl-dialog .along input").focus()
    page.keyboard.press("End")
    assert page.evaluate(PIXELS) != turned, "the arm stands elsewhere at the end"
    number = page.inner_text(f"{row} button")
    closed = window.ask("/api/takes/paths")["paths"][take]["points_mm"][-1]
    page.mouse.move(*seen_from_above(window, closed))
    said = page.inner_text(".tl-dialog .said")
    assert said.startswith(f"Take {number.split()[0]}.")
    page.mouse.down()
    page.mouse.up()
    window.wait("!document.querySelector('.tl-dialog')")
    page.wait_for_selector(f"{row}[aria-selected=true]")


def test_without_takes_there_are_no_paths(window: Any) -> None:
    window.tab("data")
    window.page.fill(".tl-data .search", "no take is called this")
    window.wait("document.querySelector('.tl-data .list .paths').disabled")
    window.page.fill(".tl-data .search", "")
    window.wait("!document.querySelector('.tl-data .list .paths').disabled")
