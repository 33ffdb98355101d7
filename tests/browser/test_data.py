"""The list of takes in a real browser."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drawn_takes import draw_take

ROWS = ".tl-data tbody tr[data-take]"


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


def test_a_long_list_shows_more_as_its_end_comes_near(
    new_server: Callable[..., Any],
    tmp_path: Path,
    browser: Any,
    window_of: Callable[[Any], Any],
) -> None:
    draw_take(tmp_path, "20260101-000000-0000")
    first = tmp_path / "takes" / "20260101-000000-0000"
    for number in range(1, 250):
        folder = first.with_name(f"20260101-{number // 60:04d}{number % 60:02d}-0000")
        folder.mkdir()
        os.link(first / "take.h5", folder / "take.h5")
    server = new_server(tmp_path)
    server.start()
    page = browser.new_page()
    page.goto(server.url, wait_until="domcontentloaded")
    window = window_of(page)
    page.wait_for_selector(".tl-record .camera")
    window.tab("data")
    window.wait("document.querySelector('.tl-data .total').textContent.startsWith('250 ')")
    assert page.locator(ROWS).count() == 100
    for shown in (200, 250):
        page.evaluate("document.querySelector('.tl-data .table').scrollTop = 1e6")
        window.wait(f"document.querySelectorAll({ROWS!r}).length === given", shown)
    page.fill(".tl-data .search", "249")
    window.wait(f"document.querySelectorAll({ROWS!r}).length === 1")
    page.fill(".tl-data .search", "")
    window.wait(f"document.querySelectorAll({ROWS!r}).length === 100")
    page.close()
    server.stop()
