"""Teaching by hand in a real browser: keys pull the simulated arm, as a hand would."""

import time
from typing import Any

from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.reader import Take


def by_hand(window: Any) -> None:
    """Choose the hand as the input."""
    window.wait("[...document.querySelector('#record-input').options].length === 3")
    window.page.select_option("#record-input", label="By hand")
    window.blur()


def test_a_take_is_taught_by_hand_reviewed_and_kept(window: Any, server: Any) -> None:
    page = window.page
    window.new_scene()
    by_hand(window)
    page.keyboard.press("r")
    window.phase("recording")
    window.wait("document.querySelector('.tl-record .hint').textContent.includes('as a hand')")
    window.hold("d", 1.2)
    page.keyboard.press("g")
    time.sleep(1.0)
    page.keyboard.press("r")
    kept = window.decide("Enter")
    with Take.open(server.data / "takes" / kept) as take:
        assert take.info.taught_by == "guide"
        assert set(take.actions.decided_by.tolist()) == {Decider.GUIDED}
        moved = take.robot.ee_pose[-1, :3, 3] - take.robot.ee_pose[0, :3, 3]
        assert moved[1] > 0.05, "D pulls it to the right in the front camera's picture"
        assert take.robot.gripper_width_m is not None
        assert take.robot.gripper_width_m[-1] < 0.02
    assert window.takes()[0]["taught_by"] == "guide"
    window.tab("data")
    page.click(".tl-data tbody tr")
    page.wait_for_selector(".tl-data .facts dd:has-text('By hand')")
    window.tab("record")
    page.select_option("#record-input", "keyboard")


def test_two_passes_make_a_clean_take_and_say_how_near_it_came(window: Any, server: Any) -> None:
    page = window.page
    window.new_scene()
    by_hand(window)
    page.keyboard.press("r")
    window.phase("recording")
    window.hold("d", 1.0)
    window.hold("s", 0.8)
    time.sleep(0.4)
    page.keyboard.press("r")
    first = window.reviewed()
    page.keyboard.press("y")
    window.phase("recording")
    window.wait("document.querySelector('.tl-record .hint').textContent.includes('take again')")
    window.phase("review")
    window.wait("/ mm and .*°/.test(document.querySelector('.tl-record .hint').textContent)")
    second = window.decide("Enter")
    with Take.open(server.data / "takes" / second) as take:
        assert take.info.replay_of == first
        assert take.info.taught_by == "replay"
    rows = {row["id"]: row for row in window.takes()}
    assert rows[second]["replay_of"] == first
    window.tab("data")
    page.click(f".tl-data tbody button:text-is('{rows[first]['number']}')")
    page.wait_for_selector(f".tl-data .facts dd:has-text('Take {rows[second]['number']}')")
    page.click(f".tl-data tbody button:text-is('{rows[second]['number']}')")
    page.wait_for_selector(".tl-data .facts dd:has-text(' mm and ')")
    window.enabled(".tl-data .replay")
    page.click(".tl-data .replay")
    window.phase("recording")
    page.keyboard.press("Space")
    window.phase("review")
    window.decide("Backspace")
    page.select_option("#record-input", "keyboard")


def trimmed(window: Any, take: str) -> bool:
    return {row["id"]: row["trimmed"] for row in window.takes()}[take]


def test_rest_at_the_ends_is_offered_to_be_trimmed_and_comes_back(window: Any, server: Any) -> None:
    page = window.page
    window.new_scene()
    by_hand(window)
    page.keyboard.press("r")
    window.phase("recording")
    time.sleep(1.5)
    window.hold("d", 1.0)
    time.sleep(2.0)
    page.keyboard.press("r")
    take = window.reviewed()
    words = "/s of rest at the start, .* s of rest at the end: trim/"
    window.wait(f"{words}.test(document.querySelector('.tl-record .hint').textContent)")
    assert not trimmed(window, take), "nothing is trimmed by itself"
    page.keyboard.press("i")
    page.wait_for_selector(".tl-notice:has-text('does not count') .undo")
    page.wait_for_selector(".tl-record .trim[hidden]", state="attached")
    assert trimmed(window, take)
    trim = Labels.open(server.data / "takes" / take).snapshot.trim
    assert trim is not None
    with Take.open(server.data / "takes" / take) as opened:
        assert trim.start_ns > opened.actions.time_ns[0] + 5e8
        assert trim.end_ns < opened.actions.time_ns[-1] - 5e8
    page.keyboard.press("z")
    page.wait_for_selector(".tl-notice:has-text('All of the take counts')")
    assert not trimmed(window, take)
    window.decide("Backspace")
    page.select_option("#record-input", "keyboard")
