"""One take after the other, without a hand at the keyboard, in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from followed_station import decided, ended, module, own_task

STATION = "document.querySelector('.tl-station').textContent"
LARGE = "document.querySelector('.tl-record .large.{}').textContent"


@pytest.fixture
def following(window: Any) -> Iterator[Any]:
    """A window in which takes follow each other after some seconds."""
    window.page.check("#record-next")
    window.page.fill("#record-next-s", "3")
    window.blur()
    yield window
    window.tab("record")
    window.page.uncheck("#record-next")
    window.blur()


def test_a_kept_take_is_followed_by_the_next_one(following: Any) -> None:
    page = following.page
    own_task(following, "clear the table again and again")
    page.fill(".tl-record .strip .between", "put everything back")
    following.blur()
    following.wait(f"{LARGE.format('instruction')} === given", "clear the table again and again")
    first = decided(following, "Enter")
    following.phase("about to record")
    following.wait(f"{LARGE.format('between-takes')} === 'put everything back'")
    following.phase("recording")
    following.wait(f"{LARGE.format('between-takes')} === ''")
    assert ended(following, "Backspace") != first
    following.phase("about to record")
    page.keyboard.press("Space")
    following.phase("ready")
    page.wait_for_timeout(4000)
    assert "ready" in page.inner_text(".tl-station"), "Stop ends the round"


def test_whoever_is_ready_sooner_begins_at_once(following: Any) -> None:
    page = following.page
    page.fill("#record-next-s", "60")
    following.blur()
    decided(following, "Enter")
    page.wait_for_selector(".tl-record .begin-now:visible")
    page.keyboard.press("Enter")  # a second time, as of somebody in a hurry
    assert "about to record" in page.inner_text(".tl-station")
    page.keyboard.press("b")
    following.wait(f"{STATION}.includes('recording')", timeout_ms=20_000)  # of the 60 s
    page.wait_for_selector(".tl-record .begin-now", state="hidden")
    page.keyboard.press("r")
    following.reviewed()
    page.uncheck("#record-next")
    following.blur()
    following.decide("Backspace")
    page.wait_for_timeout(1000)
    assert "ready" in page.inner_text(".tl-station")


def test_nothing_follows_what_another_page_decided_on(following: Any) -> None:
    page = following.page
    page.keyboard.press("r")
    following.phase("recording")
    page.keyboard.press("r")
    following.reviewed()
    following.tab("rollout")
    following.enabled(".tl-rollout .keep")
    following.blur()
    page.keyboard.press("Enter")
    following.phase("ready")
    page.wait_for_timeout(1000)
    assert "ready" in page.inner_text(".tl-station")


def test_seconds_that_are_none_are_those_from_before(following: Any) -> None:
    page = following.page
    for none in ("", "0", "99"):
        page.fill("#record-next-s", none)
        following.blur()
        assert page.input_value("#record-next-s") == "3"
    following.reload()
    following.drive()
    assert page.input_value("#record-next-s") == "3"


def test_no_take_more_than_are_wanted_begins(following: Any) -> None:
    page = following.page
    own_task(following, "wave once for the goal")
    page.fill(".tl-record .goal input", "1")
    page.keyboard.press("Enter")
    following.blur()
    decided(following, "Enter")
    page.wait_for_selector(".tl-notice:has-text('That was take 1 of 1')")
    page.wait_for_timeout(1500)
    assert "ready" in page.inner_text(".tl-station")


def test_a_simulated_scene_is_laid_out_anew_for_the_task_that_is_chosen(following: Any) -> None:
    page = following.page
    page.select_option("#record-task", "pick-novel")
    following.enabled(".tl-record button.record")
    scenes = f"async () => ({module('shared/station.js')}).station.state.scene.seed"
    first = page.evaluate(scenes)
    decided(following, "Enter")
    following.phase("recording")
    assert page.evaluate(scenes) != first
    scene = page.input_value("#record-instruction")
    page.keyboard.press("r")
    take = following.reviewed()
    page.uncheck("#record-next")
    following.blur()
    following.decide("Enter")
    assert following.ask(f"/api/takes/{take}")["instruction"] == scene
    assert [row["task"] for row in following.takes()[:2]] == ["pick-novel", "pick-novel"]
