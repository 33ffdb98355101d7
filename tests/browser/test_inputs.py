"""A gamepad and a SpaceMouse in the browser drive the simulated arm; devices are faked."""

import time
from typing import Any

import numpy as np
import pytest
from followed_station import (
    NEWEST,
    REST_MS,
    TICK_MS,
    choose,
    direction,
    hinted,
    module,
    moved,
    pose,
    practise,
    rest_ms,
)

from teachloop.recorder.devices.interfaces import UNTURNED
from teachloop.recorder.drivers.spacemouse.reports import Cap, heard
from teachloop.recorder.drivers.spacemouse.shaping import velocities
from teachloop.recorder.drivers.teleop_settings import TeleopSettings

STATION = """
robot: {driver: simulated}
cameras:
  front: {driver: simulated, width: 128, height: 128, fps: 20}
inputs:
  keyboard: {driver: keyboard}
  pad: {driver: gamepad, settings: {x_button: record}}
  turning: {driver: gamepad, settings: {frame: hand}}
  mouse: {driver: browser_spacemouse}
  stick: {driver: browser_spacemouse, settings: {product: Wireless}}
  odd: {driver: gamepad, settings: {deadband: 2}}
"""
COMPACT, WIRELESS = "two reports", "one report"


@pytest.fixture(scope="module")
def server(own_server: Any) -> Any:
    return own_server


@pytest.fixture(scope="module")
def kept_context(faked_context: Any) -> Any:
    return faked_context


def allow_mouse(window: Any) -> None:
    """As if Connect had been pressed at an earlier time."""
    window.page.evaluate(
        "() => { devices.hid.allowed.add(devices.mouse); devices.hid.plug(devices.mouse); }"
    )


def hold_pad(window: Any, axes: list[float], down: dict[int, float] | None = None) -> None:
    window.page.evaluate("([axes, down]) => devices.hold(axes, down)", [axes, down or {}])


STICKS: dict[str, tuple[list[float], dict[int, float], list[float]]] = {
    "away": ([0, -1, 0, 0], {}, [-1, 0, 0]),
    "to the right": ([1, 0, 0, 0], {}, [0, 1, 0]),
    "up": ([0, 0, 0, 0], {7: 1.0}, [0, 0, 1]),
}


def test_a_gamepad_moves_the_hand_as_who_looks_at_the_robot_pushes_it(followed: Any) -> None:
    page = followed.page
    page.evaluate("devices.plugPad()")
    practise(followed, "pad")
    for name, (axes, down, expected) in STICKS.items():
        way = moved(
            followed,
            lambda axes=axes, down=down: hold_pad(followed, axes, down),
            lambda: hold_pad(followed, [0, 0, 0, 0]),
        )
        assert direction(way) == pytest.approx(expected, abs=0.11), name
    page.evaluate("devices.unplugPad()")


def test_a_gamepad_turns_the_hand_and_its_buttons_work_the_gripper(followed: Any) -> None:
    page = followed.page
    page.evaluate("devices.plugPad()")
    practise(followed, "pad")
    before = pose(followed)[:3, :3]
    hold_pad(followed, [0, 0, 1, 0])
    followed.wait("sent.some(({ angular }) => angular[2] < -0.9)")
    time.sleep(0.3)
    hold_pad(followed, [0, 0, 0, 0])
    turned = pose(followed)[:3, :3] @ before.T
    assert np.arctan2(turned[1, 0], turned[0, 0]) < -0.1, "clockwise, seen from above"
    hold_pad(followed, [0, 0, 0, 0], {0: 1.0})
    followed.wait(f"{NEWEST}.robot.gripper_target < 0.1")
    hold_pad(followed, [0, 0, 0, 0], {1: 1.0})
    followed.wait(f"{NEWEST}.robot.gripper_target > 0.9")
    page.evaluate("devices.unplugPad()")


def test_in_the_hands_frame_a_stick_leads_where_the_hand_has_turned_to(followed: Any) -> None:
    page = followed.page
    page.evaluate("devices.plugPad()")
    practise(followed, "turning")
    hold_pad(followed, [0, 0, 1, 0])
    followed.wait("sent.some(({ angular, frame }) => angular[2] < -0.9 && frame === 'hand')")
    time.sleep(1.0)
    hold_pad(followed, [0, 0, 0, 0])
    time.sleep(0.4)
    turned = pose(followed)[:3, :3] @ UNTURNED.T
    assert np.arctan2(turned[1, 0], turned[0, 0]) < -0.5
    way = moved(
        followed,
        lambda: hold_pad(followed, [0, -1, 0, 0]),
        lambda: hold_pad(followed, [0, 0, 0, 0]),
    )
    assert direction(way) == pytest.approx([*(turned @ [-1.0, 0.0, 0.0])], abs=0.11)
    page.evaluate("devices.unplugPad()")


def test_a_take_is_recorded_and_kept_by_a_gamepad_alone(followed: Any) -> None:
    page = followed.page
    page.evaluate("devices.plugPad()")
    choose(followed, "pad")
    kept = len(followed.takes())
    time.sleep(0.3)
    hold_pad(followed, [0, 0, 0, 0], {2: 1.0})
    followed.phase("recording")
    hold_pad(followed, [0, -1, 0, 0])
    followed.wait(f"{NEWEST}.decided_by === 'operator'")
    hold_pad(followed, [0, 0, 0, 0])
    time.sleep(0.2)
    hold_pad(followed, [0, 0, 0, 0], {2: 1.0})
    followed.reviewed()
    hold_pad(followed, [0, 0, 0, 0], {3: 1.0})
    followed.phase("ready")
    newest = followed.takes()[0]
    assert (newest["taught_by"], len(followed.takes())) == ("pad", kept + 1)
    page.evaluate("devices.unplugPad()")


def test_a_gamepad_is_looked_at_only_while_it_is_chosen(followed: Any) -> None:
    page = followed.page
    page.evaluate("devices.plugPad()")
    time.sleep(0.3)
    before = page.evaluate("devices.asked.pads")
    time.sleep(0.5)
    assert page.evaluate("devices.asked.pads") == before
    choose(followed, "pad")
    followed.wait("devices.asked.pads > given + 5", before)
    page.evaluate("devices.unplugPad()")


LOSSES = {
    "the cable": "devices.unplugPad()",
    "another window": "dispatchEvent(new Event('blur'))",
    "a menu": "dispatchEvent(new MouseEvent('contextmenu'))",
}


@pytest.mark.parametrize("loss", LOSSES)
def test_whatever_is_lost_while_a_stick_is_held_the_robot_holds_within_200_ms(
    followed: Any, loss: str
) -> None:
    page = followed.page
    page.evaluate("devices.plugPad()")
    practise(followed, "pad")
    hold_pad(followed, [0.4, 0, 0, 0])
    followed.wait(f"{NEWEST}.robot.speed_m_s > 0.01")
    assert rest_ms(followed, LOSSES[loss]) <= REST_MS + TICK_MS
    followed.wait(f"{NEWEST}.robot.speed_m_s < 0.005")
    page.evaluate("dispatchEvent(new Event('focus'))")
    sent = page.evaluate("sent.length")
    time.sleep(0.4)
    assert page.evaluate("sent.length") == sent, "what is still held moves nothing"
    page.evaluate("devices.plugPad()")
    time.sleep(0.3)
    hold_pad(followed, [0.4, 0, 0, 0])
    followed.wait(f"{NEWEST}.robot.speed_m_s > 0.01")
    page.evaluate("devices.unplugPad()")


def test_a_stick_that_is_held_when_practice_begins_moves_nothing(followed: Any) -> None:
    followed.page.evaluate("devices.plugPad()")
    choose(followed, "pad")
    time.sleep(0.3)
    hold_pad(followed, [1, 0, 0, 0])
    followed.page.keyboard.press("p")
    followed.phase("practising")
    time.sleep(0.5)
    assert followed.page.evaluate("sent") == []
    followed.page.evaluate("devices.unplugPad()")


def test_a_gamepad_that_is_not_there_or_strange_is_said_in_a_sentence(followed: Any) -> None:
    choose(followed, "pad")
    hinted(followed, "Plug it in")
    followed.page.evaluate("devices.plugPad('')")
    hinted(followed, "Xbox")
    followed.page.evaluate("devices.unplugPad()")
    choose(followed, "odd")
    hinted(followed, "0.9 or less")


def test_a_gamepad_corrects_a_policy_whichever_input_is_chosen(followed: Any) -> None:
    """A policy that says nothing: the arm holds, unless somebody drives."""
    page = followed.page
    followed.tab("rollout")
    page.evaluate("devices.plugPad()")
    station = module("shared/station.js")
    page.evaluate(f"""async () => {{
      const {{ station }} = {station};
      await station.ask("practice", {{ agent: "policy" }});
    }}""")
    followed.phase("practising")
    time.sleep(0.3)
    hold_pad(followed, [0, 0.5, 0, 0])
    followed.wait(f"{NEWEST}.decided_by === 'operator' && {NEWEST}.agent === 'policy'")
    hold_pad(followed, [0, 0, 0, 0])
    followed.wait(f"{NEWEST}.decided_by === 'hold'")
    page.keyboard.press("Space")
    followed.phase("ready")
    followed.tab("record")
    page.evaluate("devices.unplugPad()")


Triple = tuple[int, int, int]


def push(window: Any, layout: str, translation: Triple, rotation: Triple = (0, 0, 0)) -> None:
    both = [[1, [*translation]], [2, [*rotation]]]
    reports = both if layout == COMPACT else [[1, [*translation, *rotation]]]
    window.page.evaluate("reports => devices.push(...reports)", reports)


@pytest.mark.parametrize("layout", [COMPACT, WIRELESS])
def test_a_spacemouse_moves_the_hand_unplugged_it_rests_and_back_it_goes_on(
    followed: Any, layout: str
) -> None:
    followed.page.evaluate("devices.mouse = devices.mouse")
    allow_mouse(followed)
    practise(followed, "mouse")
    push(followed, layout, (0, 0, 0))
    time.sleep(0.1)
    right = moved(
        followed,
        lambda: push(followed, layout, (350, 0, 0)),
        lambda: push(followed, layout, (0, 0, 0)),
    )
    assert direction(right) == pytest.approx([0, 1, 0], abs=0.11)
    push(followed, layout, (0, -200, 0))
    followed.wait(f"{NEWEST}.robot.speed_m_s > 0.01")
    assert rest_ms(followed, "devices.hid.unplug(devices.mouse)") <= REST_MS + TICK_MS
    followed.wait(
        "document.querySelector('.tl-record .hint').textContent.includes('No SpaceMouse')"
    )
    followed.page.evaluate("devices.hid.plug(devices.mouse)")
    followed.wait("devices.mouse.opened")
    push(followed, layout, (0, 0, 0))
    time.sleep(0.1)
    push(followed, layout, (0, -200, 0))
    followed.wait(f"{NEWEST}.robot.speed_m_s > 0.01")
    followed.page.evaluate("devices.hid.unplug(devices.mouse)")


def test_a_spacemouse_of_which_nothing_more_is_heard_rests(followed: Any) -> None:
    allow_mouse(followed)
    practise(followed, "mouse")
    push(followed, WIRELESS, (0, 0, 0))
    time.sleep(0.1)
    push(followed, WIRELESS, (0, 0, 200))
    followed.wait(f"{NEWEST}.decided_by === 'operator'")
    assert rest_ms(followed, "clearInterval(devices.mouse.timer)") <= 2 * REST_MS + TICK_MS
    followed.page.evaluate("devices.hid.unplug(devices.mouse)")


def test_the_page_is_let_use_a_spacemouse_by_a_click_and_its_buttons_grip(followed: Any) -> None:
    page = followed.page
    choose(followed, "mouse")
    page.evaluate("devices.hid.plug(devices.mouse)")
    page.keyboard.press("m")
    page.wait_for_selector(".tl-dialog .said:has-text('Try connects it')")
    page.click(".tl-dialog .connect")
    page.wait_for_selector(".tl-dialog .connect", state="hidden")
    filters = page.evaluate("devices.hid.filters")
    assert {each["vendorId"] for each in filters} == {0x256F, 0x046D}
    assert {(each["usagePage"], each["usage"]) for each in filters} == {(1, 8)}
    page.keyboard.press("Escape")
    followed.page.keyboard.press("p")
    followed.phase("practising")
    for bits, target in ((1, "< 0.1"), (2, "> 0.9")):
        page.evaluate("bits => devices.mouse.say(3, [bits], 1)", bits)
        followed.wait(f"{NEWEST}.robot.gripper_target {target}")
    page.evaluate("devices.hid.unplug(devices.mouse)")


def test_another_spacemouse_than_the_one_that_is_named_is_left_alone(followed: Any) -> None:
    allow_mouse(followed)
    choose(followed, "stick")
    time.sleep(0.3)
    assert not followed.page.evaluate("devices.mouse.opened")
    hinted(followed, "No SpaceMouse")
    followed.page.evaluate("devices.hid.unplug(devices.mouse)")


def test_a_browser_without_webhid_says_so(followed: Any) -> None:
    followed.page.evaluate("Object.defineProperty(navigator, 'hid', {value: undefined})")
    choose(followed, "mouse")
    hinted(followed, "no WebHID")
    followed.page.keyboard.press("m")
    followed.page.wait_for_selector(".tl-dialog .said:has-text('Use Chrome or Edge')")
    assert not followed.page.is_visible(".tl-dialog .connect")
    followed.page.keyboard.press("Escape")


HELD: list[tuple[Triple, Triple]] = [
    ((-70, -175, -35), (35, 70, -175)),
    ((350, 350, 350), (-350, 10, 400)),
    ((20, 0, 100), (0, -36, 35)),
]
TOLD = [
    TeleopSettings(),
    TeleopSettings(deadband=0.0, curve=1.0, side="back", locked=["roll"], reversed=["up"]),
    TeleopSettings(deadband=0.3, curve=3.0, side="left", reversed=["forward", "yaw"]),
    TeleopSettings(side="right", locked=["sideways", "pitch"]),
]
IN_THE_PAGE = f"""async ([told, numbers]) => {{
  const {{ heard, LET_GO }} = {module("shared/inputs/reports.js")};
  const {{ twistOf }} = {module("shared/inputs/shaping.js")};
  const data = new DataView(new Int16Array(numbers).buffer);
  return twistOf(heard(LET_GO, 1, data), told);
}}"""


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.side)
def test_the_page_reads_and_shapes_as_the_station_does(window: Any, told: TeleopSettings) -> None:
    for translation, rotation in HELD:
        numbers = [*translation, *rotation]
        report = b"\1" + np.array(numbers, "<i2").tobytes()
        linear, angular = velocities(heard(Cap(), report), told)
        expected = [*(np.array(linear) / told.speed_m_s), *(np.array(angular) / told.turn_rad_s)]
        here = window.page.evaluate(IN_THE_PAGE, [told.model_dump(), numbers])
        assert here == pytest.approx(expected, abs=1e-12)
