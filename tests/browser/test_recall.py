"""Keeping what was practised, in a real browser: nobody pressed Record, and it is a take."""

from typing import Any

from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.reader import Take

HEALTH = "document.querySelector('.tl-record .health')"
LIMIT = "document.querySelector('.tl-record .limit')"
RECALL = "document.querySelector('.tl-record button.recall')"


def test_what_was_practised_is_kept_by_a_key(window: Any, server: Any) -> None:
    page = window.page
    window.new_scene()
    assert page.evaluate(f"{RECALL}.hidden")
    page.keyboard.press("p")
    window.phase("practising")
    window.hold("d", 1.5)
    window.wait(f"!{RECALL}.hidden && !{RECALL}.disabled")
    window.wait(f"{RECALL}.textContent.includes('Keep last 2 s')")
    page.screenshot(path=server.data / "recall.png")
    page.keyboard.press("l")
    window.phase("review")
    page.wait_for_selector(".tl-record .camera .playback:not([hidden])")
    window.wait(f"{RECALL}.hidden")
    take = window.decide("Enter")
    with Take.open(server.data / "takes" / take) as recorded:
        assert (recorded.actions.decided_by == Decider.OPERATOR).sum() > 10
        moved = recorded.robot.ee_pose[-1, :3, 3] - recorded.robot.ee_pose[0, :3, 3]
        assert moved[1] > 0.05


def test_a_limit_is_told_in_the_picture_and_room_in_time(window: Any, server: Any) -> None:
    page = window.page
    page.keyboard.press("p")
    window.phase("practising")
    window.wait(f"/disk.* GB, (\\d+ (min|h)|days)/.test({HEALTH}.textContent)")
    page.keyboard.down("e")  # down, until the workspace ends
    window.wait(f"{LIMIT}.textContent.includes('Limit: workspace')")
    page.screenshot(path=server.data / "limit.png")
    page.keyboard.up("e")
    window.wait(f"!{LIMIT}.textContent")
    page.keyboard.press("p")
    window.phase("ready")
