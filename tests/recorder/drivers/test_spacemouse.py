"""A SpaceMouse, from the bytes of its reports to the twists that reach the loop."""

import logging
import queue
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachloop.recorder.devices.interfaces import ProcessContext, Twist
from teachloop.recorder.drivers.inputs.spacemouse import SpaceMouse
from teachloop.recorder.drivers.spacemouse.bus import (
    HidDevice,
    NoSpaceMouse,
    Unplugged,
    chosen,
    refused,
)
from teachloop.recorder.drivers.spacemouse.reports import Cap
from teachloop.recorder.drivers.spacemouse.settings import SpaceMouseSettings
from teachloop.recorder.drivers.spacemouse.shaping import shaped, velocities

PATIENCE_S = 5.0
Triple = tuple[int, int, int]
STILL: Triple = (0, 0, 0)
PLAIN = SpaceMouseSettings(deadband=0.0, curve=1.0)


class Plug:
    """A socket and the device in it; what it reports is put into ``reports``."""

    def __init__(self) -> None:
        self.reports: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.plugged = True

    def open(self, product: str) -> HidDevice:
        if not self.plugged:
            raise NoSpaceMouse("none")
        return self

    def read(self, wait_ms: int) -> bytes:
        if not self.plugged:
            raise Unplugged("gone")
        try:
            return self.reports.get(timeout=wait_ms / 1000)
        except queue.Empty:
            return b""

    def close(self) -> None:
        """Nothing is held."""


def compact(translation: Triple, rotation: Triple) -> list[bytes]:
    """As the SpaceNavigator and the SpaceMouse Compact say it: in two reports."""
    first, second = struct.pack("<B3h", 1, *translation), struct.pack("<B3h", 2, *rotation)
    return [first, second]


def wireless(translation: Triple, rotation: Triple) -> list[bytes]:
    """As the newer SpaceMouse Wireless says it: in one."""
    return [struct.pack("<B6h", 1, *translation, *rotation)]


Model = Callable[[Triple, Triple], list[bytes]]
both_models = pytest.mark.parametrize("model", [compact, wireless])


@contextmanager
def moved(plug: Plug, settings: SpaceMouseSettings) -> Iterator["queue.SimpleQueue[Twist]"]:
    twists: queue.SimpleQueue[Twist] = queue.SimpleQueue()
    with SpaceMouse("mouse", settings, ProcessContext(), plug) as mouse:
        mouse.stream(twists.put)
        yield twists


def say(plug: Plug, reports: list[bytes]) -> None:
    for report in reports:
        plug.reports.put(report)


def until(
    twists: "queue.SimpleQueue[Twist]", holds: Callable[[Twist], bool], within_s: float = PATIENCE_S
) -> Twist:
    end = time.monotonic() + within_s
    while True:
        twist = twists.get(timeout=max(0.001, end - time.monotonic()))
        if holds(twist):
            return twist


def turns_and_moves(twist: Twist) -> bool:
    return any(twist.linear_m_s) and any(twist.angular_rad_s)


@both_models
def test_who_stands_in_front_pushes_away_left_and_up_and_the_hand_goes_there(model: Model) -> None:
    plug = Plug()
    with moved(plug, PLAIN) as twists:
        say(plug, model((-70, -175, -35), (35, 70, -175)))
        twist = until(twists, turns_and_moves)
    assert twist.linear_m_s == pytest.approx((-0.5 * 0.2, -0.2 * 0.2, 0.1 * 0.2))
    assert twist.angular_rad_s == pytest.approx((0.2, 0.1, 0.5))
    assert twist.gripper is None


@pytest.mark.parametrize(
    ("side", "away"),
    [("front", (-1, 0)), ("back", (1, 0)), ("left", (0, -1)), ("right", (0, 1))],
)
def test_away_from_its_user_is_away_from_the_side_at_which_they_stand(
    side: str, away: tuple[int, int]
) -> None:
    plug = Plug()
    settings = SpaceMouseSettings.model_validate({"side": side, "speed_m_s": 0.3})
    with moved(plug, settings) as twists:
        say(plug, wireless((0, -350, 0), STILL))
        twist = until(twists, lambda twist: twist.moves)
    assert twist.linear_m_s == pytest.approx((0.3 * away[0], 0.3 * away[1], 0.0))


@both_models
def test_what_is_held_is_repeated_and_let_go_it_rests_at_once(model: Model) -> None:
    plug = Plug()
    with moved(plug, PLAIN) as twists:
        say(plug, model((350, 0, 0), STILL))
        first = until(twists, lambda twist: twist.moves)
        again = until(twists, lambda twist: twist.time_ns > first.time_ns)
        assert again.linear_m_s == first.linear_m_s
        assert again.time_ns - first.time_ns < 150_000_000
        say(plug, model(STILL, STILL))
        begun = time.monotonic()
        until(twists, lambda twist: not twist.moves)
        assert time.monotonic() - begun < 0.15
        time.sleep(0.1)
        assert twists.empty(), "at rest it says nothing"


def test_a_cap_of_which_nothing_more_is_heard_rests_after_200_ms_even_if_a_button_is_heard() -> (
    None
):
    plug = Plug()
    with moved(plug, PLAIN) as twists:
        say(plug, wireless((350, 0, 0), STILL))
        until(twists, lambda twist: twist.moves)
        begun = time.monotonic()
        time.sleep(0.15)
        say(plug, [b"\x17\x64", b"\x03\x04\x00"])
        until(twists, lambda twist: not twist.moves)
        assert 0.1 < time.monotonic() - begun < 0.35


def test_unplugged_it_stops_at_once_and_plugged_in_again_it_moves_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    plug = Plug()
    with caplog.at_level(logging.WARNING), moved(plug, PLAIN) as twists:
        say(plug, wireless((350, 0, 0), STILL))
        until(twists, lambda twist: twist.moves)
        plug.plugged = False
        until(twists, lambda twist: not twist.moves, 0.15)
        time.sleep(0.05)
        assert twists.empty()
        plug.plugged = True
        say(plug, wireless((0, 350, 0), STILL))
        twist = until(twists, lambda twist: twist.moves)
    assert twist.linear_m_s == pytest.approx((0.2, 0.0, 0.0))
    said = [record.getMessage() for record in caplog.records]
    assert said == ["mouse was unplugged; it is used again when it is back.", "mouse is back."]


@pytest.mark.parametrize(
    ("left", "pressed", "wished"),
    [("close", 1, 0.0), ("close", 2, 1.0), ("toggle", 1, 0.0), ("nothing", 2, 1.0)],
)
def test_a_short_press_is_a_wish_of_the_gripper(left: str, pressed: int, wished: float) -> None:
    plug = Plug()
    with moved(plug, SpaceMouseSettings.model_validate({"left_button": left})) as twists:
        say(plug, [bytes([3, pressed, 0]), b"\x03\x00\x00"])
        twist = until(twists, lambda twist: twist.moves)
        assert (twist.gripper, any(twist.linear_m_s)) == (wished, False)
        rest = until(twists, lambda twist: not twist.moves, 1.0)
    assert 200_000_000 < rest.time_ns - twist.time_ns < 500_000_000


def test_toggling_twice_opens_again() -> None:
    plug = Plug()
    with moved(plug, SpaceMouseSettings(left_button="toggle")) as twists:
        say(plug, [b"\x03\x01", b"\x03\x00", b"\x03\x01"])
        until(twists, lambda twist: twist.gripper == 0.0)
        until(twists, lambda twist: twist.gripper == 1.0)


@both_models
def test_a_device_that_says_only_zeros_says_no_motion(model: Model) -> None:
    plug = Plug()
    with moved(plug, SpaceMouseSettings()) as twists:
        for _ in range(10):
            say(plug, [*model(STILL, STILL), b"\x01", b"\x17\x64", b"\x02\x01"])
        time.sleep(0.2)
        assert twists.empty()


def test_padding_behind_a_translation_is_no_rotation_where_that_comes_by_itself() -> None:
    plug = Plug()
    with moved(plug, PLAIN) as twists:
        say(plug, compact(STILL, (0, 0, 350)))
        say(plug, [struct.pack("<B3h6x", 1, 350, 0, 0)])
        twist = until(twists, lambda twist: any(twist.linear_m_s))
    assert twist.angular_rad_s == pytest.approx((0.0, 0.0, -1.0))


SHARES = st.floats(-1.0, 1.0)
CAPS = st.builds(Cap, st.tuples(SHARES, SHARES, SHARES), st.tuples(SHARES, SHARES, SHARES))
SETTINGS = st.builds(
    SpaceMouseSettings,
    speed_m_s=st.floats(0.01, 2),
    turn_rad_s=st.floats(0.01, 5),
    side=st.sampled_from(["front", "back", "left", "right"]),
    deadband=st.floats(0, 0.9),
    curve=st.floats(1, 4),
    reversed=st.lists(st.sampled_from(["forward", "up", "pitch", "yaw"]), unique=True),
)


@given(CAPS, SETTINGS)
def test_no_twist_is_faster_than_full_scale(cap: Cap, settings: SpaceMouseSettings) -> None:
    linear, angular = velocities(cap, settings)
    assert np.linalg.norm(linear) <= settings.speed_m_s * (1 + 1e-9)
    assert np.linalg.norm(angular) <= settings.turn_rad_s * (1 + 1e-9)


@given(SHARES, SHARES, st.floats(0, 0.9), st.floats(1, 4))
def test_a_stronger_push_is_never_slower(
    one: float, other: float, deadband: float, curve: float
) -> None:
    weak, strong = sorted((one, other))
    assert shaped(weak, deadband, curve) <= shaped(strong, deadband, curve)
    assert shaped(-weak, deadband, curve) == -shaped(weak, deadband, curve)
    assert shaped(1.0, deadband, curve) == pytest.approx(1.0)


@given(st.floats(0, 0.9), st.floats(1, 4), st.floats(1e-9, 1e-3))
def test_nothing_moves_within_the_deadband_and_nothing_jumps_at_its_end(
    deadband: float, curve: float, beyond: float
) -> None:
    assert shaped(deadband, deadband, curve) == 0.0
    assert 0.0 <= shaped(deadband + beyond, deadband, curve) <= beyond / (1 - deadband) * 1.001


@given(CAPS, st.sampled_from(["front", "back", "left", "right"]))
def test_locked_axes_never_move(cap: Cap, side: str) -> None:
    told = {"locked": ["up", "roll", "pitch", "yaw"], "side": side}
    linear, angular = velocities(cap, SpaceMouseSettings.model_validate(told))
    assert (linear[2], angular) == (0.0, (0.0, 0.0, 0.0))


def plugged(name: str, vendor: int = 0x256F, usage: int = 8) -> dict[str, object]:
    return {
        "path": name.encode(),
        "vendor_id": vendor,
        "product_id": 0xC6FF,
        "product_string": name,
        "usage_page": 1,
        "usage": usage,
    }


def test_a_device_is_known_by_what_it_says_it_is_whatever_its_number() -> None:
    found = [
        plugged("Keyboard", 0x046D, 6),
        plugged("Receiver's keyboard", usage=6),
        plugged("A newer one"),
        plugged("SpaceNavigator", 0x046D),
    ]
    assert chosen(found, "") == b"A newer one"
    assert chosen(found, "navigator") == b"SpaceNavigator"
    with pytest.raises(NoSpaceMouse, match="A newer one, SpaceNavigator"):
        chosen(found, "Compact")
    with pytest.raises(NoSpaceMouse, match="is plugged into the computer of the station"):
        chosen(found[:2], "")


def test_one_that_may_not_be_read_says_which_rule_to_write() -> None:
    words = refused("/dev/hidraw3", "linux")
    assert "/dev/hidraw3" in words
    assert "/etc/udev/rules.d/" in words
    assert 'TAG+="uaccess"' in words
    assert "udev" not in refused("x", "darwin")
