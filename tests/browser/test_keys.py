"""Held keys and their names, in a real browser."""

import time
from typing import Any

import pytest

HELD = "[...document.querySelectorAll('.tl-record [data-held].held')].map((e) => e.dataset.held)"
SPEED = "parseInt(document.querySelector('.tl-record .speed-now').textContent)"
SCOPE = "document.querySelector('[role=tab][aria-selected=true]').dataset.tabId"
LOSSES = {
    "a native menu": "window.dispatchEvent(new MouseEvent('contextmenu'))",
    "a shortcut of the system": "window.dispatchEvent(new KeyboardEvent('keydown', "
    "{key: 'Meta', code: 'MetaLeft', metaKey: true}))",
    "a click with the command key": "window.dispatchEvent(new PointerEvent('pointerdown', "
    "{metaKey: true}))",
    "another tab of the browser": "window.dispatchEvent(new KeyboardEvent('keydown', "
    "{key: 'Tab', code: 'Tab', ctrlKey: true}))",
    "a pointer that was captured": "window.dispatchEvent(new PointerEvent('lostpointercapture'))",
    "a touch that was cancelled": "window.dispatchEvent(new PointerEvent('pointercancel'))",
    "a drag": "window.dispatchEvent(new DragEvent('dragstart'))",
    "the print dialog": "window.dispatchEvent(new Event('beforeprint'))",
}


@pytest.fixture
def practising(window: Any) -> Any:
    """A window whose keys drive."""
    window.page.keyboard.press("p")
    window.phase("practising")
    yield window
    window.rest()


@pytest.mark.parametrize("loss", LOSSES)
def test_whatever_swallows_a_keyup_lets_go_of_all_keys(practising: Any, loss: str) -> None:
    page = practising.page
    page.keyboard.down("q")
    page.wait_for_selector(".tl-record .drive kbd.held")
    page.evaluate(LOSSES[loss])
    assert page.evaluate(HELD) == []
    page.keyboard.up("q")


def test_a_right_click_stops_the_arm_that_a_key_drives(practising: Any) -> None:
    page = practising.page
    page.keyboard.down("d")
    practising.wait(f"{SPEED} > 5")
    page.mouse.click(300, 300, button="right")
    practising.wait(f"{SPEED} <= 1")
    page.keyboard.up("d")


def test_a_key_of_which_nothing_more_is_heard_lapses(practising: Any) -> None:
    page = practising.page
    page.keyboard.down("Shift")
    page.keyboard.down("q")
    time.sleep(2.0)
    assert page.evaluate(HELD) == ["q"], "no keyboard repeats at once"
    practising.wait(f"{HELD}.length === 0", timeout_ms=3000)
    practising.wait("document.querySelector('.tl-notices')?.textContent.includes('Press again')")
    page.keyboard.up("q")
    page.keyboard.up("Shift")


def test_a_key_that_repeats_is_held_and_lapses_soon_after_its_last_repeat(practising: Any) -> None:
    page = practising.page
    page.keyboard.down("q")
    held = page.evaluate(
        f"""async () => {{
          const repeat = {{ key: "q", code: "KeyQ", repeat: true }};
          for (let i = 0; i < 80; i++) {{
            window.dispatchEvent(new KeyboardEvent("keydown", repeat));
            await new Promise((later) => setTimeout(later, 50));
          }}
          return {HELD};
        }}"""
    )
    assert held == ["q"], "4 s and more"
    practising.wait(f"{HELD}.length === 0", timeout_ms=1500)
    page.keyboard.down("q")
    page.wait_for_timeout(200)
    assert page.evaluate(HELD) == [], "a repeat is no new press"
    page.keyboard.up("q")


def test_what_was_held_before_keys_drive_moves_nothing(window: Any) -> None:
    page = window.page
    page.keyboard.down("q")
    page.keyboard.press("p")
    window.phase("practising")
    page.keyboard.press("g")
    time.sleep(1.0)
    assert window.page.evaluate(SPEED) <= 1
    page.keyboard.up("q")
    page.keyboard.press("p")
    window.phase("ready")


def test_a_key_that_changed_its_name_while_it_was_down_is_let_go(practising: Any) -> None:
    """As where the layout of the keyboard is switched, or a sign is typed with Shift."""
    event = "window.dispatchEvent(new KeyboardEvent('key{}', {{key: '{}', code: 'KeyW'}}))"
    practising.page.evaluate(event.format("down", "w"))
    assert practising.page.evaluate(HELD) == ["w"]
    practising.page.evaluate(event.format("up", "z"))
    assert practising.page.evaluate(HELD) == []


def test_signs_that_need_altgr_are_keys_like_others(window: Any) -> None:
    """Windows says Control and Alt of them. With a German keyboard, [ and ] are such signs."""
    sign = "{key: '?', code: 'Minus', ctrlKey: true, altKey: true, modifierAltGraph: true}"
    window.page.evaluate(f"window.dispatchEvent(new KeyboardEvent('keydown', {sign}))")
    window.page.wait_for_selector(".tl-dialog[open]")
    window.page.keyboard.press("Escape")
    plain = "{key: '2', code: 'Digit2', ctrlKey: true}"
    window.page.evaluate(f"window.dispatchEvent(new KeyboardEvent('keydown', {plain}))")
    assert window.page.evaluate(SCOPE) == "record", "a command to the browser is not ours"
