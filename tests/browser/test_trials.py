"""Two policies compared blind, attempt by attempt, by keyboard alone; a restart loses nothing."""

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from teachloop.training.policies.base_names import DEFAULT, base_folder

NAME = "other"
WHICH = "document.querySelector('.trial-which').textContent.startsWith(given)"
MADE = "document.querySelectorAll('.trials-made button').length === given"
OPACITY = "document.querySelector('.trial-photo').style.opacity === given"
LOADED_MS = 240_000


@pytest.fixture
def server(new_server: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    """With a second policy: the shipped base under another name. One for each try of the test."""
    server = new_server(tmp_path)
    shutil.copytree(base_folder(DEFAULT), server.data / "bases" / NAME)
    server.start()
    yield server
    server.stop()


def attempt(window: Any, number: int, key: str) -> None:
    """One attempt, stopped by hand and judged by a key."""
    page = window.page
    window.enabled(".tl-rollout button.record")
    page.keyboard.press("r")
    window.wait("document.querySelector('.tl-station').textContent.includes('recording')", None,
                LOADED_MS)  # fmt: skip
    assert page.evaluate("document.querySelector('.trial-photo:not([hidden])')") is None
    page.keyboard.press("Space")
    window.phase("review")
    window.wait(MADE, number)
    window.enabled(".verdict .void")
    page.keyboard.press(key)


def plan(window: Any) -> None:
    """All policies, one scene."""
    page = window.page
    window.tab("rollout")
    window.wait("document.querySelector('#rollout-adapter').options.length > 1")
    page.keyboard.press("n")
    page.wait_for_selector(".tl-rollout .trials .empty")
    page.keyboard.press("i")
    page.keyboard.type("which one")
    page.keyboard.press("Tab")
    for policy in page.query_selector_all("[name=policy]:not(:checked)"):
        policy.focus()
        page.keyboard.press("Space")
    page.select_option(".trial-form [name=task]", "push-novel")
    page.fill(".trial-form [name=count]", "1")
    page.keyboard.press("Enter")
    window.wait(WHICH, "Attempt 1 of 2")


def void(window: Any, number: int, reason: str) -> None:
    """One attempt that does not count."""
    attempt(window, number, "v")
    window.page.wait_for_selector(".tl-dialog[open]")
    window.page.keyboard.type(reason)
    window.page.keyboard.press("Enter")
    window.phase("ready")


def fade_the_photo(window: Any) -> None:
    """The scene as it was lies over the live picture, fainter, stronger, and by turns."""
    page = window.page
    page.wait_for_selector(".tl-rollout .camera .trial-photo:not([hidden])", state="attached")
    window.wait(OPACITY, "0.5")
    page.keyboard.press("]")
    window.wait(OPACITY, "0.6")
    page.keyboard.press("o")
    window.wait(OPACITY, "1")


def restart(window: Any, server: Any) -> None:
    server.stop()
    server.start()
    window.reload()
    window.drive()
    window.tab("rollout")


def test_two_policies_are_compared_blind_and_a_restart_loses_nothing(
    window: Any, server: Any
) -> None:
    page = window.page
    plan(window)
    void(window, 1, "the cup slipped")
    window.wait(WHICH, "Attempt 1 of 2")
    attempt(window, 2, "8")
    window.wait(WHICH, "Attempt 2 of 2")
    fade_the_photo(window)
    page.keyboard.press("p")
    window.wait("document.querySelector('.tl-rollout button.record').disabled")

    restart(window, server)
    window.wait(WHICH, "Attempt 2 of 2")
    assert NAME not in page.inner_text(".trial-rates")
    window.enabled(".pause-trials")
    page.keyboard.press("p")
    attempt(window, 3, "t")
    window.wait(WHICH, "All attempts are done")
    window.wait("document.querySelector('.trial-rates').textContent.includes(given)", NAME)
    window.wait("document.querySelector('.trial-pair').textContent.includes(given)", "1 pairs")
    expect_exported(window)
    page.click(".trials-made button:last-child")
    page.click(".tl-dialog .primary")
    page.wait_for_selector(".tl-label")


def expect_exported(window: Any) -> None:
    """Every attempt in the table, and its take kept with the verdict."""
    rows = exported(window.page)
    assert [(r["counts"], r["void"], r["score"], r["success"]) for r in rows] == [
        ("0", "the cup slipped", "", ""),
        ("1", "", "0.5", "0"),
        ("1", "", "1.0", "1"),
    ]
    assert {row["name"] for row in rows[1:]} >= {NAME}
    kept = {row["id"]: row["success"] for row in window.takes()}
    assert [kept[row["take"]] for row in rows[1:]] == [False, True]
    assert rows[0]["take"] in kept


def exported(page: Any) -> list[dict[str, str]]:
    """What one click saves as CSV."""
    with page.expect_download() as download:
        page.click(".trials .export .csv")
    text = Path(download.value.path()).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))
