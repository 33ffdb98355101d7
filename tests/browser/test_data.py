"""The list of takes in a real browser."""

from typing import Any


def test_a_take_goes_to_the_bin_and_comes_back(window: Any) -> None:
    take, page = window.record(0.6), window.page
    window.tab("data")
    page.click(".tl-data tbody tr")
    window.wait("Number(document.querySelector('.tl-data .playback input').max) > 2")
    page.keyboard.press("Delete")
    window.wait("document.querySelector('.tl-data .title').textContent.startsWith('No take')")
    assert take not in [row["id"] for row in window.takes()]
    page.select_option(".tl-data .which", "bin")
    window.blur()
    page.click(".tl-data tbody tr")
    window.wait("document.querySelector('.tl-data .bin').textContent.startsWith('Take back')")
    page.keyboard.press("Delete")
    window.wait("document.querySelector('.tl-data .title').textContent.startsWith('No take')")
    assert take in [row["id"] for row in window.takes()]


def test_search_says_when_nothing_fits(window: Any) -> None:
    window.tab("data")
    window.page.fill(".tl-data .search", "no such take anywhere")
    window.wait("document.querySelector('.tl-data tbody').textContent.includes('No take')")
    assert window.page.locator(".tl-data tbody tr").count() == 1, "that sentence and no take"
