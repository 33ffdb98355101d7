"""Recording in a real browser: driving by held keys, keeping, discarding, looking on."""

import time
from typing import Any

import psutil

from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.reader import Take
from teachloop.recorder.station.endpoint import read_endpoint

DEVICES = "teachloop.recorder.devices.process"
SHOWN = "document.querySelector(`.tl-record .takes [data-take='${given}']`)"


def test_both_pictures_are_live(window: Any) -> None:
    before = [window.frames(camera=name) for name in ("front", "wrist")]
    window.more_frames(10, camera="front")
    window.page.wait_for_timeout(300)
    after = [window.frames(camera=name) for name in ("front", "wrist")]
    assert all(now - then >= 10 for now, then in zip(after, before, strict=True))


def test_a_take_recorded_by_held_keys_holds_what_the_keys_did(window: Any, server: Any) -> None:
    page = window.page
    window.new_scene()
    window.wait("document.querySelector('.tl-record .gripper-now').textContent === '80 mm'")
    page.fill("#record-instruction", "拿起红色方块")
    page.press("#record-instruction", "Tab")
    window.blur()
    page.keyboard.press("r")
    window.phase("recording")
    page.wait_for_selector(".tl-record .cameras.recording")
    window.hold("sd", 1.2)
    page.keyboard.press("g")
    time.sleep(1.0)
    page.keyboard.press("r")
    window.phase("review")
    page.wait_for_selector(".tl-record .camera .playback:not([hidden])")
    window.wait("Number(document.querySelector('.tl-record .playback input').value) > 2")
    page.keyboard.press("t")
    page.wait_for_selector(".tl-record .success[aria-pressed=true]")
    window.wait(SHOWN, window.decide("Enter"))
    newest = window.takes()[0]
    assert newest["instruction"] == "拿起红色方块"
    assert newest["success"] is True
    with Take.open(server.data / "takes" / newest["id"]) as take:
        moved = take.robot.ee_pose[-1, :3, 3] - take.robot.ee_pose[0, :3, 3]
        assert moved[0] > 0.05, "S comes towards the front camera"
        assert moved[1] > 0.05, "D goes to the right in its picture"
        widths_m = take.robot.gripper_width_m
        assert widths_m is not None
        assert widths_m[-1] < 0.02 < widths_m[0]
        assert (take.actions.decided_by == Decider.OPERATOR).sum() > 10
        assert all(len(stream) > 10 for stream in take.frames.values())


def test_a_review_says_of_which_device_nothing_came(window: Any, server: Any) -> None:
    children = psutil.Process(read_endpoint(server.data).pid).children(recursive=True)
    (devices,) = [each for each in children if DEVICES in each.cmdline()]
    hint = "document.querySelector('.tl-record .hint')"
    window.page.keyboard.press("r")
    window.phase("recording")
    time.sleep(0.5)
    devices.suspend()
    time.sleep(2.0)
    devices.resume()
    time.sleep(0.5)
    window.page.keyboard.press("r")
    window.phase("review")
    window.wait(f"{hint}.textContent.includes('Nothing came from robot (2 s), front (2 s)')")
    assert window.page.get_attribute(".tl-record .hint", "class") == "hint bad"
    take = window.decide("Enter")
    window.wait(f"!{hint}.classList.contains('bad')")
    with Take.open(server.data / "takes" / take) as recorded:
        silent_s = recorded.info.health["silent_s"]
    assert set(silent_s) == {"robot", "front", "wrist"}
    assert all(1.5 < lasted < 3.5 for lasted in silent_s.values())


def ending(window: Any) -> list[str | None]:
    """Whether the buttons Success and Failed are pressed."""
    names = ("success", "failed")
    return [window.page.get_attribute(f".tl-record .{name}", "aria-pressed") for name in names]


def test_how_a_take_ended_has_three_states(window: Any) -> None:
    page = window.page
    page.keyboard.press("r")
    window.phase("recording")
    time.sleep(0.5)
    page.keyboard.press("r")
    window.phase("review")
    assert ending(window) == ["false", "false"], "nobody judged it"
    page.keyboard.press("f")
    page.wait_for_selector(".tl-record .failed[aria-pressed=true]")
    page.keyboard.press("t")
    page.wait_for_selector(".tl-record .success[aria-pressed=true]")
    assert ending(window) == ["true", "false"]
    page.keyboard.press("t")
    page.wait_for_selector(".tl-record .success[aria-pressed=false]")
    kept = window.decide("Enter")
    window.wait("document.querySelector('.tl-record .take b').textContent.endsWith('?')")
    assert {row["id"]: row["success"] for row in window.takes()}[kept] is None


def test_a_discarded_take_is_in_the_bin_and_an_undone_one_too(window: Any) -> None:
    before = [row["id"] for row in window.takes()]
    discarded = window.record(0.5, "Backspace")
    kept = window.record(0.5, "Enter")
    window.wait(SHOWN, kept)
    assert window.page.evaluate(f"given => {SHOWN}", discarded) is None
    window.enabled(".tl-record .undo")
    window.page.keyboard.press("u")
    window.wait(f"!{SHOWN}", kept)
    assert [row["id"] for row in window.takes()] == before


def test_whatever_is_decided_is_said_with_a_way_back(window: Any) -> None:
    page = window.page
    kept = window.record(0.4, "Enter")
    page.wait_for_selector(".tl-notice:has-text('is kept.') .undo")
    page.keyboard.press("z")
    page.wait_for_selector(".tl-notice:has-text('is in the bin.') .undo")
    assert kept not in [row["id"] for row in window.takes()]
    page.keyboard.press("z")
    page.wait_for_selector(".tl-notice:has-text('is back.') .undo")
    assert kept in [row["id"] for row in window.takes()]
    discarded = window.record(0.4, "Backspace")
    page.wait_for_selector(".tl-notice:has-text('is in the bin.') .undo")
    page.keyboard.press("z")
    window.wait(
        "[...document.querySelectorAll('.tl-notice')].at(-1)?.textContent.includes('is back.')"
    )
    assert discarded in [row["id"] for row in window.takes()]


def test_keys_typed_into_a_field_are_text(window: Any) -> None:
    window.page.click("#record-instruction")
    window.page.keyboard.type("wrap ")
    assert "wrap " in window.page.input_value("#record-instruction")
    window.phase("ready")


def test_keys_of_an_input_method_are_not_ours(window: Any) -> None:
    window.page.evaluate(
        "window.dispatchEvent(new KeyboardEvent('keydown', {key: 'r', isComposing: true}))"
    )
    time.sleep(0.4)
    assert "ready" in window.page.inner_text(".tl-station")


def test_space_stops_and_never_presses_the_focused_button(window: Any) -> None:
    window.page.keyboard.press("r")
    window.phase("recording")
    window.page.focus(".tl-record .success")
    window.page.keyboard.press("Space")
    window.phase("review")
    assert window.page.get_attribute(".tl-record .success", "aria-pressed") == "false"


def test_escape_in_a_field_stops(window: Any) -> None:
    window.page.keyboard.press("p")
    window.phase("practising")
    window.page.click("#record-instruction")
    window.page.keyboard.press("Escape")
    window.phase("ready")
    assert "practising" not in window.page.inner_text(".tl-station")


def test_a_window_that_loses_the_focus_lets_go_of_all_keys(window: Any) -> None:
    window.page.keyboard.press("p")
    window.phase("practising")
    window.page.keyboard.down("q")
    window.page.wait_for_selector(".tl-record .drive kbd.held")
    window.page.evaluate("window.dispatchEvent(new Event('blur'))")
    window.wait("!document.querySelector('.tl-record .drive kbd.held')")
    time.sleep(0.3)
    assert window.page.locator(".tl-record .drive kbd.held").count() == 0, "though Q is down"
    window.page.keyboard.up("q")
    window.page.keyboard.press("p")
    window.phase("ready")


def test_a_second_window_looks_on_and_can_take_over(window: Any, new_window: Any) -> None:
    other, looking = new_window(), "document.querySelector('.tl-control').textContent"
    disabled = "document.querySelector('.tl-record button.record').disabled"
    other.wait(f"{looking}.startsWith('Take over')")
    other.wait(disabled)
    other.page.keyboard.press("c")
    other.drive()
    window.wait(f"{looking}.startsWith('Take over')")
    window.wait(disabled)
    assert not other.page.is_disabled(".tl-record button.record")


def test_a_closed_window_loses_nothing_of_its_take(
    window: Any, server: Any, new_window: Any
) -> None:
    window.page.keyboard.press("r")
    window.phase("recording")
    time.sleep(0.5)
    window.page.close()
    other = new_window()
    other.drive()
    with Take.open(server.data / "takes" / other.decide("Enter")) as take:
        assert len(take.actions.decided_by) >= 10, "half a second, and what the silence took"


def test_a_task_sets_up_its_scene_and_says_its_instruction(window: Any) -> None:
    before = window.page.input_value("#record-instruction")
    window.page.select_option("#record-task", "push-novel")
    window.wait("document.querySelector('#record-instruction').value !== given", before)
    assert window.page.input_value("#record-task") == "push-novel"
