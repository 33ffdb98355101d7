"""Teaching by hand in a real browser: keys pull the simulated arm, as a hand would."""

import time
from typing import Any

from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.reader import Take


def hold(window: Any, keys: str, seconds: float) -> None:
    for key in keys:
        window.page.keyboard.down(key)
    time.sleep(seconds)
    for key in keys:
        window.page.keyboard.up(key)


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
    hold(window, "d", 1.2)
    page.keyboard.press("g")
    time.sleep(1.0)
    page.keyboard.press("r")
    kept = window.decide("Enter")
    with Take.open(server.data / "takes" / kept) as take:
        assert take.info.taught_by == "guide"
        assert set(take.actions.decided_by.tolist()) == {Decider.GUIDED}
        moved = take.robot.ee_pose[-1, :3, 3] - take.robot.ee_pose[0, :3, 3]
        assert moved[1] > 0.05, "D pulls it to the right in the front camera's picture"
        assert take.robot.gripper_width_m[-1] < 0.02
    assert window.takes()[0]["taught_by"] == "guide"
    window.tab("data")
    page.click(".tl-data tbody tr")
    page.wait_for_selector(".tl-data .facts dd:has-text('By hand')")
    window.tab("record")
    page.select_option("#record-input", "keyboard")
