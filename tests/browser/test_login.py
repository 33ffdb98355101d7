"""A server with a password, as a browser meets it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

SLOW_MS = 60_000
LogIn = Callable[[str], Any]


@pytest.fixture
def guarded(new_server: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    server = new_server(tmp_path, {"TEACHLOOP_PASSWORD": "one", "TEACHLOOP_LOOK_PASSWORD": "eyes"})
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(SLOW_MS)
    yield page
    context.close()


@pytest.fixture
def log_in(page: Page, guarded: Any, window_of: Callable[[Page], Any]) -> LogIn:
    """Opens the page with a password."""

    def with_password(password: str) -> Any:
        page.goto(guarded.url, wait_until="domcontentloaded")
        page.fill("input[type=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_selector(".tl-record .camera")
        return window_of(page)

    return with_password


def strength(window: Any, tab: str, selector: str) -> float:
    """How opaque something on a page is."""
    window.tab(tab)
    window.page.wait_for_selector(selector)
    return float(
        window.page.eval_on_selector(selector, "element => getComputedStyle(element).opacity")
    )


def test_a_session_that_ends_is_begun_again_in_place(
    page: Page, guarded: Any, log_in: LogIn
) -> None:
    window = log_in("one")
    window.phase("ready")
    assert strength(window, "data", ".tl-data .import") == 1
    window.tab("record")
    page.fill("#record-operator", "somebody")
    guarded.stop()
    guarded.environment["TEACHLOOP_PASSWORD"] = "two"
    guarded.start()
    dialog = page.wait_for_selector(".tl-login[open]")
    assert dialog is not None
    assert "You are logged out" in dialog.inner_text()
    window.phase("logged out")
    page.keyboard.press("Escape")
    page.fill(".tl-login input", "one")
    page.keyboard.press("Enter")
    window.wait("document.querySelector('.tl-login .problem').textContent.includes('not the')")
    page.fill(".tl-login input", "two")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tl-login", state="detached")
    window.phase("ready")
    window.drive()
    assert page.input_value("#record-operator") == "somebody"


def test_logging_out_in_one_tab_asks_the_other_for_the_password(
    page: Page, guarded: Any, log_in: LogIn
) -> None:
    window = log_in("one")
    window.phase("ready")
    other = page.context.new_page()
    other.goto(f"{guarded.url}logout", wait_until="domcontentloaded")
    page.wait_for_selector(".tl-login[open]")
    window.phase("logged out")


def test_who_may_look_sees_all_and_is_told_why_nothing_moves(page: Page, log_in: LogIn) -> None:
    window = log_in("eyes")
    window.phase("ready")
    window.more_frames(3)
    assert page.is_disabled(".tl-control")
    assert page.is_disabled(".tl-record button.record")
    assert "does not let you drive" in page.inner_text(".tl-record .hint")
    page.keyboard.press("?")
    page.wait_for_selector(".tl-dialog .may")
    assert page.inner_text(".tl-dialog .may") == "You may look."
    page.keyboard.press("Escape")
    assert strength(window, "data", ".tl-data .import") == 0.5
    assert strength(window, "label", ".tl-label .panel") == 0.5
    page.keyboard.press("?")
    page.click(".tl-dialog a")
    page.wait_for_selector("#password")
