"""What somebody has to say of a take, in a real browser."""

from typing import Any

FACTS = "document.querySelector('.tl-data .facts').textContent"


def write(window: Any, words: str) -> None:
    window.page.keyboard.press("n")
    window.page.wait_for_selector("dialog textarea:focus")
    window.page.fill("dialog textarea", words)
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector("dialog", state="detached")


def said(window: Any, take: str) -> str:
    return next(row["note"] for row in window.ask("/api/takes")["takes"] if row["id"] == take)


def test_a_note_is_written_while_a_take_is_reviewed_and_found_by(window: Any, server: Any) -> None:
    page = window.page
    page.keyboard.press("r")
    window.phase("recording")
    page.keyboard.press("r")
    take = window.reviewed()
    write(window, "the cup slipped\nand rolled away")
    noted(window, take, "the cup slipped\nand rolled away")
    window.decide()
    assert said(window, take) == "the cup slipped\nand rolled away"
    window.tab("data")
    page.fill(".tl-data .search", "slipped")
    window.wait("document.querySelectorAll('.tl-data tr[data-take]').length === 1")
    window.blur()
    page.click(f".tl-data tr[data-take='{take}'] td:nth-child(2)")
    window.wait(f"{FACTS}.includes('and rolled away')")
    page.keyboard.press("n")
    page.wait_for_selector("dialog textarea:focus")
    assert page.input_value("dialog textarea") == "the cup slipped\nand rolled away"
    page.screenshot(path=server.data / "note.png")
    page.fill("dialog textarea", "")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert said(window, take) != "", "Escape leaves it as it was"


def test_a_note_is_removed_and_taken_back(window: Any) -> None:
    take = window.record(0.4)
    write(window, "first")
    noted(window, take, "first")
    write(window, "")
    window.page.wait_for_selector(".tl-notice:has-text('The note is gone')")
    window.page.keyboard.press("z")
    noted(window, take, "first")


def noted(window: Any, take: str, words: str) -> None:
    """Wait until it is said."""
    for _ in range(200):
        if said(window, take) == words:
            return
        window.page.wait_for_timeout(100)
    raise AssertionError(f"{said(window, take)!r} and not {words!r}")
