"""Something is said of all marked takes at once, and taken back, in a real browser."""

from typing import Any


def marked(window: Any, *takes: str) -> None:
    for take in takes:
        window.page.check(f".tl-data tr[data-take='{take}'] input")
    window.wait(
        "document.querySelector('.tl-data .bulk .count').textContent.startsWith(given)",
        f"{len(takes)} ",
    )


def rows(window: Any, *takes: str) -> list[dict[str, Any]]:
    listed = {row["id"]: row for row in window.ask("/api/takes")["takes"]}
    return [listed[take] for take in takes]


def test_takes_are_named_tagged_judged_and_binned_together(window: Any, server: Any) -> None:
    page = window.page
    takes = [window.record(0.3) for _ in range(3)]
    one, _, three = takes
    window.tab("data")
    page.wait_for_selector(f".tl-data tr[data-take='{three}']")
    assert page.is_hidden(".tl-data .bulk")
    marked(window, one, three)
    page.screenshot(path=server.data / "bulk.png")
    before = rows(window, *takes)
    page.fill(".tl-data .bulk .rename input", "wipe it together")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tl-notice:has-text('2 takes are: wipe it together.')")
    page.fill(".tl-data .bulk .tag input", "evening")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tl-notice:has-text('2 takes have the tag evening.')")
    page.click(".tl-data .bulk .no")
    page.wait_for_selector(".tl-notice:has-text('2 takes failed.')")
    said = [(row["instruction"], row["tags"], row["success"]) for row in rows(window, *takes)]
    wanted = ("wipe it together", ["evening"], False)
    assert [each == wanted for each in said] == [True, False, True]
    page.click(".tl-data .bulk .move")
    page.wait_for_selector(".tl-notice:has-text('2 takes are in the bin.')")
    assert [row["deleted"] for row in rows(window, *takes)] == [True, False, True]
    window.blur()
    page.keyboard.press("z")
    page.wait_for_selector(".tl-notice:has-text('2 takes are as before.')")
    assert [row["deleted"] for row in rows(window, *takes)] == [False] * 3
    page.fill(".tl-data .search", "evening")
    window.wait("document.querySelectorAll('.tl-data tr[data-take]').length === 2")
    page.fill(".tl-data .search", "")
    assert [row["instruction"] for row in rows(window, *takes)][1] == before[1]["instruction"]


def test_all_that_are_listed_are_marked_and_a_range_with_shift(window: Any) -> None:
    page = window.page
    takes = [window.record(0.3) for _ in range(3)]
    window.tab("data")
    page.wait_for_selector(f".tl-data tr[data-take='{takes[2]}']")
    boxes = [f".tl-data tr[data-take='{take}'] input" for take in takes]
    page.click(boxes[2])
    page.click(boxes[0], modifiers=["Shift"])
    assert [page.is_checked(box) for box in boxes] == [True] * 3
    page.click(".tl-data .bulk .none")
    assert page.is_hidden(".tl-data .bulk")
    window.blur()
    page.keyboard.press("a")
    count = page.locator(".tl-data tr[data-take]").count()
    shown = "document.querySelector('.tl-data .bulk .count').textContent"
    window.wait(f"{shown} === given", f"{count} marked")
    assert page.is_checked(".tl-data .list .all")
    page.keyboard.press("a")
    assert page.is_hidden(".tl-data .bulk")
