"""A headset's controller and a phone lead the simulated arm by WebXR; both are faked."""

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
    moved,
    pose,
    practise,
    rest_ms,
)

STATION = """
robot: {driver: simulated}
cameras:
  front: {driver: simulated, width: 128, height: 128, fps: 20}
inputs:
  keyboard: {driver: keyboard}
  headset: {driver: browser_xr, settings: {b_button: discard}}
  half: {driver: browser_xr, settings: {scale: 0.5}}
"""
TRIGGER, GRIP, A, B = 0, 1, 4, 5


@pytest.fixture(scope="module")
def server(own_server: Any) -> Any:
    return own_server


@pytest.fixture(scope="module")
def kept_context(faked_context: Any) -> Any:
    return faked_context


def connect(window: Any, name: str, *, controller: bool = True) -> None:
    """By a click in Try; the session stays when that is closed."""
    page = window.page
    choose(window, name)
    hinted(window, "No headset is connected")
    page.keyboard.press("m")
    page.click(".tl-dialog .connect")
    page.wait_for_selector(".tl-dialog .connect", state="hidden")
    if controller:
        page.evaluate("devices.headset.giveController()")
    page.keyboard.press("Escape")
    page.wait_for_selector(".tl-dialog", state="detached")


def lead(window: Any, way: list[float], turning: float = 0.0) -> None:
    window.page.evaluate("([way, turning]) => devices.headset.lead(way, turning)", [way, turning])


def hold(window: Any, *buttons: int) -> None:
    window.page.evaluate("buttons => devices.headset.hold(...buttons)", list(buttons))


def led(window: Any, way: list[float]) -> np.ndarray:
    def begin() -> None:
        hold(window, GRIP)
        lead(window, way)

    def end() -> None:
        lead(window, [0, 0, 0])
        hold(window)

    return moved(window, begin, end)


WAYS: dict[str, tuple[list[float], list[float]]] = {
    "away": ([0, 0, -0.15], [-1, 0, 0]),
    "to the right": ([0.15, 0, 0], [0, 1, 0]),
    "up": ([0, 0.15, 0], [0, 0, 1]),
}


def test_the_hand_goes_as_who_looks_at_the_robot_leads_it(followed: Any) -> None:
    connect(followed, "headset")
    practise(followed, "headset")
    for name, (way, expected) in WAYS.items():
        assert direction(led(followed, way)) == pytest.approx(expected, abs=0.11), name


def test_it_goes_as_far_as_it_is_led_times_the_scale(followed: Any) -> None:
    connect(followed, "half")
    practise(followed, "half")
    before, place = pose(followed)[:3, 3], "devices.headset.place"
    start = np.array(followed.page.evaluate(place))
    hold(followed, GRIP)
    lead(followed, [0.1, 0, 0])
    time.sleep(1.0)
    lead(followed, [0, 0, 0])
    time.sleep(0.3)
    hold(followed)
    followed.wait(f"{NEWEST}.robot.speed_m_s < 0.002")
    way = np.linalg.norm(np.array(followed.page.evaluate(place)) - start)
    assert np.linalg.norm(pose(followed)[:3, 3] - before) == pytest.approx(way / 2, abs=0.01)


def test_without_the_grip_nothing_moves(followed: Any) -> None:
    connect(followed, "headset")
    practise(followed, "headset")
    lead(followed, [0.2, 0, 0], 1.0)
    time.sleep(0.5)
    assert followed.page.evaluate("sent") == []
    lead(followed, [0, 0, 0])


def test_the_hand_turns_with_it_and_its_buttons_work(followed: Any) -> None:
    connect(followed, "headset")
    practise(followed, "headset")
    before = pose(followed)[:3, :3]
    hold(followed, GRIP)
    lead(followed, [0, 0, 0], -0.8)
    followed.wait("sent.some(({ angular }) => angular[2] < -0.6)")
    time.sleep(0.4)
    lead(followed, [0, 0, 0])
    turned = pose(followed)[:3, :3] @ before.T
    assert np.arctan2(turned[1, 0], turned[0, 0]) < -0.1, "clockwise, seen from above"
    for target in ("< 0.1", "> 0.9"):
        hold(followed, TRIGGER)
        followed.wait(f"{NEWEST}.robot.gripper_target {target}")
        hold(followed)
        time.sleep(0.2)


def test_a_take_is_recorded_and_discarded_by_the_controller_alone(followed: Any) -> None:
    connect(followed, "headset")
    followed.page.evaluate("dispatchEvent(new Event('blur'))")  # a headset shows nothing else
    kept = len(followed.takes())
    time.sleep(0.2)
    hold(followed, A)
    followed.phase("recording")
    hold(followed, GRIP)
    lead(followed, [0.1, 0, 0])
    followed.wait(f"{NEWEST}.decided_by === 'operator'")
    lead(followed, [0, 0, 0])
    hold(followed)
    time.sleep(0.2)
    hold(followed, A)
    followed.reviewed()
    hold(followed, B)
    followed.phase("ready")
    assert len(followed.takes()) == kept
    followed.page.evaluate("dispatchEvent(new Event('focus'))")


LOSSES = {
    "it is not seen any more": "devices.headset.unseen = true",
    "it says nothing any more": "devices.headset.frozen = true",
    "its user takes it off": "void devices.headset.session.end()",
    "its grip is let go": "devices.headset.hold()",
}


@pytest.mark.parametrize("loss", LOSSES)
def test_whatever_is_lost_the_robot_holds(followed: Any, loss: str) -> None:
    connect(followed, "headset")
    practise(followed, "headset")
    hold(followed, GRIP)
    lead(followed, [0.05, 0, 0])
    followed.wait(f"{NEWEST}.robot.speed_m_s > 0.01")
    least_ms = REST_MS if "says nothing" in loss else 0  # which is noticed by its silence
    assert rest_ms(followed, LOSSES[loss]) <= REST_MS + TICK_MS + least_ms
    lead(followed, [0, 0, 0])


@pytest.mark.parametrize("what", ["phone", "bare hand"])
def test_it_is_led_while_a_screen_is_touched_or_fingers_pinch(followed: Any, what: str) -> None:
    connect(followed, "headset", controller=False)
    if what == "bare hand":
        followed.page.evaluate("devices.headset.giveBareHand()")
    practise(followed, "headset")
    lead(followed, [0.1, 0, 0])
    time.sleep(0.3)
    assert followed.page.evaluate("sent") == []
    followed.page.evaluate("devices.headset.touch(true)")
    followed.wait(f"{NEWEST}.decided_by === 'operator'")
    followed.page.evaluate("devices.headset.touch(false)")
    followed.wait(f"{NEWEST}.decided_by === 'hold'")
    lead(followed, [0, 0, 0])


def test_a_browser_without_webxr_says_so(followed: Any) -> None:
    followed.page.evaluate("Object.defineProperty(navigator, 'xr', {value: undefined})")
    choose(followed, "headset")
    hinted(followed, "no WebXR")
    followed.page.keyboard.press("m")
    followed.page.wait_for_selector(".tl-dialog .said:has-text('Android phone')")
    assert not followed.page.is_visible(".tl-dialog .connect")
    followed.page.keyboard.press("Escape")
