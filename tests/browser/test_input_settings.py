"""Keyboards of other layouts, a foot pedal, and trying an input, in a real browser."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

STATION = """
robot: {driver: simulated}
cameras:
  front: {driver: simulated, width: 128, height: 128, fps: 20}
inputs:
  keyboard: {driver: keyboard}
  expert: {driver: script}
  pad: {driver: gamepad}
  mouse: {driver: browser_spacemouse}
  stick: {driver: "made_up_input:MadeUpInput"}
"""
MADE_UP = Path(__file__).parents[1] / "recorder"
HELD = "[...document.querySelectorAll('.tl-record [data-held].held')].map((e) => e.dataset.held)"
SPEED = "parseInt(document.querySelector('.tl-record .speed-now').textContent)"
FRENCH = {"KeyW": "z", "KeyQ": "a", "KeyA": "q", "KeyS": "s", "KeyD": "d", "KeyE": "e"}
DVORAK = {"KeyW": ",", "KeyQ": "'", "KeyA": "a", "KeyS": "o", "KeyD": "e", "KeyE": "."}
# As the layout has them, beside the driving keys: a place there, and the letter that is typed.
ELSEWHERE = {"French": ("KeyZ", "w"), "Dvorak": ("Semicolon", "s")}
LAYOUTS = {"French": FRENCH, "Dvorak": DVORAK}


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("inputs")
    (data / "station.yaml").write_text(STATION)
    paths = os.pathsep.join([str(MADE_UP), *sys.path])
    server = new_server(data, {"PYTHONPATH": paths})
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def kept_context(faked_context: Any) -> Any:
    return faked_context


@pytest.fixture
def practising(window: Any) -> Iterator[Any]:
    """A window whose keys drive."""
    window.page.keyboard.press("p")
    window.phase("practising")
    yield window
    window.rest()


def key(window: Any, kind: str, place: str, letter: str) -> None:
    """A key goes down or up, as a keyboard of any layout says it."""
    window.page.evaluate(
        "([kind, code, key]) => dispatchEvent(new KeyboardEvent(`key${kind}`, { key, code }))",
        [kind, place, letter],
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_driving_keys_count_by_their_place_whatever_the_layout_has_there(
    practising: Any, layout: str
) -> None:
    for place, letter in LAYOUTS[layout].items():
        key(practising, "down", place, letter)
        assert practising.page.evaluate(HELD) == [place[3].lower()]
        key(practising, "up", place, letter)
        assert practising.page.evaluate(HELD) == []
    place, letter = ELSEWHERE[layout]
    key(practising, "down", place, letter)
    assert practising.page.evaluate(HELD) == [], "the letter alone drives nothing"
    key(practising, "up", place, letter)


def test_other_keys_count_by_their_letter(practising: Any) -> None:
    key(practising, "down", "KeyO", "r")
    key(practising, "up", "KeyO", "r")
    practising.phase("recording")


def test_the_page_names_the_driving_keys_as_the_layout_does(window: Any) -> None:
    french = "new Map([['KeyW', 'z'], ['KeyA', 'q'], ['KeyQ', 'a']])"
    window.page.context.add_init_script(
        "if (localStorage.getItem('french')) Object.defineProperty(navigator, 'keyboard', "
        f"{{value: {{getLayoutMap: async () => {french}}}}})"
    )
    window.page.evaluate("localStorage.setItem('french', '1')")
    window.reload()
    window.drive()
    caps = "document.querySelector('.tl-record .drive .pad').innerText.replaceAll(/\\s/g, '')"
    window.wait(f"{caps} === 'AZEQSD'")
    window.wait("document.querySelector('.tl-record .hint').textContent.includes('Z Q S D drive')")
    window.page.keyboard.press("?")
    window.page.wait_for_selector(".tl-dialog kbd:text-is('Z Q S D')")
    window.page.keyboard.press("Escape")


def learn(window: Any, does: str, place: str) -> None:
    """Teach the page what a pedal does."""
    window.page.click(f".tl-dialog .pedals button[aria-label='{does}: set the pedal']")
    window.page.wait_for_selector(".tl-dialog .said:has-text('press the pedal now')")
    window.page.keyboard.press(place)


def pedal(window: Any, does: str) -> str:
    """The key that the page shows beside it."""
    row = window.page.locator(f".tl-dialog .pedals li:has(span:text-is('{does}'))")
    return row.locator("kbd, span").nth(1).inner_text()


def open_keys(window: Any) -> None:
    window.page.keyboard.press("?")
    window.page.wait_for_selector(".tl-dialog .pedals")


def test_a_pedal_is_learned_by_pressing_it_kept_and_used(window: Any) -> None:
    page = window.page
    open_keys(window)
    learn(window, "Record or stop", "F9")
    page.wait_for_selector(".tl-dialog .said:has-text('F9 is: Record or stop.')")
    learn(window, "Discard", "b")
    page.wait_for_selector(".tl-dialog .said:has-text('B is: Discard.')")
    learn(window, "Gripper", "F8")
    page.keyboard.press("Escape")
    window.reload()
    window.rest()
    page.keyboard.press("F9")
    window.phase("recording")
    page.keyboard.press("F8")
    window.wait("parseInt(document.querySelector('.tl-record .gripper-now').textContent) < 40")
    page.keyboard.press("F9")
    take = window.reviewed()
    page.keyboard.press("b")
    window.phase("ready")
    assert take not in [row["id"] for row in window.takes()]
    page.focus("#record-operator")
    page.keyboard.type("bob")
    assert page.input_value("#record-operator").endswith("bob"), "in a field it is a letter"
    window.blur()
    open_keys(window)
    assert (pedal(window, "Record or stop"), pedal(window, "Discard")) == ("F9", "B")
    page.click(".tl-dialog .pedals button[aria-label='Record or stop: no pedal']")
    assert pedal(window, "Record or stop") == "–"
    page.keyboard.press("Escape")
    page.keyboard.press("F9")
    page.wait_for_timeout(500)
    assert "recording" not in page.inner_text(".tl-station")


@pytest.mark.parametrize(
    ("pressed", "why"),
    [
        ("Space", "Space is needed for something else"),
        ("w", "W moves the arm"),
        ("Control+b", "types several keys at once"),
    ],
)
def test_a_key_that_no_pedal_may_have_is_refused_in_words(
    window: Any, pressed: str, why: str
) -> None:
    open_keys(window)
    learn(window, "Keep", pressed)
    window.page.wait_for_selector(f".tl-dialog .pedals .said:has-text('{why}')")
    assert pedal(window, "Keep") == "–"
    window.page.keyboard.press("Escape")
    assert window.page.is_visible(".tl-dialog .pedals"), "Escape leaves the pedal as it is"
    window.page.keyboard.press("Escape")
    window.page.wait_for_selector(".tl-dialog", state="detached")


def test_space_stops_also_while_a_pedal_is_learned(practising: Any) -> None:
    open_keys(practising)
    learn(practising, "Keep", "Space")
    practising.phase("ready")
    practising.page.keyboard.press("Escape")
    practising.page.keyboard.press("Escape")


def axes(window: Any) -> dict[str, float]:
    return window.page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".tl-dialog .axis")].map(
          (row) => [row.dataset.axis, Number(row.querySelector("output").textContent)]))"""
    )


# it swings, and is in the middle now and then
MOVES = """[...document.querySelectorAll(".tl-dialog .axis output")].some(
  (axis) => Number(axis.textContent))"""


def try_input(window: Any, name: str) -> None:
    window.page.select_option("#record-input", name)
    window.blur()
    window.enabled(".tl-record .try")
    window.page.keyboard.press("m")
    window.page.wait_for_selector(".tl-dialog .trying")


def closed(window: Any) -> None:
    window.page.keyboard.press("Escape")
    window.page.wait_for_selector(".tl-dialog", state="detached")
    window.page.select_option("#record-input", "keyboard")
    window.blur()


def seen(window: Any, axis: str, share: float) -> None:
    """Wait until a bar shows it, and no other one anything."""
    shown = f"document.querySelector('.tl-dialog [data-axis={axis}] output').textContent"
    window.wait(f"Number({shown}) === given", share)
    assert axes(window) == {name: share if name == axis else 0 for name in axes(window)}
    window.page.wait_for_selector(".tl-dialog .said:has-text('Motion is seen')")


def test_the_keyboard_is_tried_and_moves_nothing(window: Any) -> None:
    try_input(window, "keyboard")
    window.page.wait_for_selector(".tl-dialog .said:has-text('Move it')")
    window.page.keyboard.down("q")
    seen(window, "Up", 1)
    time.sleep(0.3)
    assert window.page.evaluate(SPEED) <= 1
    window.page.keyboard.up("q")
    window.page.keyboard.down("ArrowLeft")
    seen(window, "Yaw", 1)
    window.page.keyboard.up("ArrowLeft")
    closed(window)


def test_a_gamepad_is_tried_and_no_motion_is_said_after_some_seconds(window: Any) -> None:
    page = window.page
    page.evaluate("devices.plugPad()")
    try_input(window, "pad")
    page.wait_for_selector(".tl-dialog .said:has-text('No motion was seen')")
    page.evaluate("devices.hold([0, -1, 0, 0], {0: 1})")
    seen(window, "Forward", -1)
    page.wait_for_selector(".tl-dialog .buttons kbd.held:text-is('A')")
    assert page.locator(".tl-dialog .buttons kbd.held").count() == 1
    page.evaluate("devices.hold([0, 0, 0, 0], {})")
    window.wait("document.querySelector('.tl-dialog .buttons kbd.held') === null")
    closed(window)
    page.evaluate("devices.unplugPad()")


def test_a_spacemouse_is_tried(window: Any) -> None:
    page = window.page
    page.evaluate("() => devices.hid.allowed.add(devices.mouse) && devices.hid.plug(devices.mouse)")
    try_input(window, "mouse")
    window.wait("devices.mouse.opened")
    page.evaluate("devices.push([1, [0, 0, 0, 0, 0, -350]])")
    seen(window, "Yaw", 1)
    page.evaluate("devices.mouse.say(3, [2], 1)")
    page.wait_for_selector(".tl-dialog .buttons kbd.held:text-is('right')")
    closed(window)
    page.evaluate("devices.hid.unplug(devices.mouse)")


def test_an_input_at_the_station_is_tried_and_moves_nothing(window: Any) -> None:
    try_input(window, "stick")
    window.page.wait_for_selector(".tl-dialog .said:has-text('Motion is seen')")
    window.wait(MOVES)
    time.sleep(0.3)
    assert window.page.evaluate(SPEED) <= 1
    closed(window)


def test_a_script_cannot_be_tried_nor_anything_while_the_arm_may_move(window: Any) -> None:
    window.page.select_option("#record-input", "expert")
    window.wait("document.querySelector('.tl-record .try').disabled")
    window.page.select_option("#record-input", "keyboard")
    window.blur()
    window.enabled(".tl-record .try")
    window.page.keyboard.press("p")
    window.phase("practising")
    window.wait("document.querySelector('.tl-record .try').disabled")
    window.rest()
