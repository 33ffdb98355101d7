"""The list of takes in a real browser."""

from typing import Any


def test_a_take_goes_to_the_bin_and_comes_back(window: Any) -> None:
    take, page = window.record(0.6), window.page
    window.tab("data")
    page.click(".tl-data tbody tr button")
    window.wait("Number(document.querySelector('.tl-data .playback input').max) > 2")
    page.keyboard.press("Delete")
    window.wait("document.querySelector('.tl-data .title').textContent.startsWith('No take')")
    assert take not in [row["id"] for row in window.takes()]
    page.select_option(".tl-data .which", "bin")
    window.blur()
    page.click(".tl-data tbody tr button")
    window.wait("document.querySelector('.tl-data .bin').textContent.startsWith('Take back')")
    page.keyboard.press("Delete")
    window.wait("document.querySelector('.tl-data .title').textContent.startsWith('No take')")
    assert take in [row["id"] for row in window.takes()]


def test_what_was_binned_is_said_and_a_key_takes_it_back(window: Any) -> None:
    take, page = window.record(0.4), window.page
    window.tab("data")
    page.click(".tl-data tbody tr button")
    window.wait("document.querySelector('.tl-data .title').textContent.startsWith('Take')")
    page.keyboard.press("Delete")
    page.wait_for_selector(".tl-notice:has-text('is in the bin.') .undo")
    assert take not in [row["id"] for row in window.takes()]
    page.keyboard.press("z")
    page.wait_for_selector(".tl-notice:has-text('is back.') .undo")
    assert take in [row["id"] for row in window.takes()]


def test_a_take_that_the_search_hides_is_not_acted_on(window: Any) -> None:
    take, page = window.record(0.4), window.page
    window.tab("data")
    page.click(".tl-data tbody tr button")
    window.wait("document.querySelector('.tl-data .title').textContent.startsWith('Take')")
    page.fill(".tl-data .search", "no such take anywhere")
    window.wait("document.querySelector('.tl-data .title').textContent === 'No take chosen'")
    window.blur()
    page.keyboard.press("Delete")
    page.wait_for_timeout(500)
    assert take in [row["id"] for row in window.takes()]


def test_search_says_when_nothing_fits(window: Any) -> None:
    window.tab("data")
    window.page.fill(".tl-data .search", "no such take anywhere")
    window.wait("document.querySelector('.tl-data tbody').textContent.includes('No take')")
    assert window.page.locator(".tl-data tbody tr").count() == 1, "that sentence and no take"
