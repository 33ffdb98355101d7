"""The Label page while nobody answers: it says so, and keeps what is typed and done."""

from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from drawn_takes import draw_take
from label_window import TEST_PICTURES, LabelWindow


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("away")
    for name in ("offline", "in-flight", "taken-back", "typing", "ended"):
        draw_take(data, name, labeled=False)
    server = new_server(data, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


def labeler_of(server: Any) -> psutil.Process:
    children = psutil.Process(server.process.pid).children(recursive=True)
    (labeler,) = [each for each in children if "teachloop.app.processes.labeler" in each.cmdline()]
    return labeler


def test_without_a_server_the_page_says_so_takes_no_click_and_keeps_what_is_typed(
    open_take: Callable[[str], LabelWindow], server: Any
) -> None:
    window = open_take("offline")
    window.click(14, 26)
    window.caption("clicked")
    server.kill()
    away = window.page.locator(".tl-label .away")
    away.wait_for(state="visible")
    assert "No connection to the server" in away.inner_text()
    assert away.get_by_role("button").is_hidden()
    window.page.wait_for_selector(".tl-label .clear:disabled")
    veil = "document.querySelector('.tl-label [data-camera=front] .veil').textContent"
    window.window.wait(f"{veil}.includes('the server is away')")
    window.say("typed while it was away")
    window.state("Not saved yet")
    server.start()
    away.wait_for(state="hidden")
    window.revision(3)
    said = window.labels("offline").snapshot
    assert (said.instruction, len(said.prompts)) == ("typed while it was away", 1)
    window.click(16, 28)
    window.revision(4)


def test_a_click_of_which_nobody_knows_what_became_is_made_once(
    open_take: Callable[[str], LabelWindow], server: Any
) -> None:
    window = open_take("in-flight")
    labeler = labeler_of(server)
    labeler.suspend()  # it will never answer
    window.click(14, 26)
    window.state("Saving …")
    labeler.kill()
    away = window.page.locator(".tl-label .away")
    away.wait_for(state="visible")
    assert "was killed" in away.inner_text()
    window.state("Not saved yet")
    away.get_by_role("button", name="Start it again").click()
    window.revision(2)
    window.caption("clicked")
    assert len(window.labels("in-flight").snapshot.prompts) == 1


def test_a_click_is_taken_back_before_it_is_saved(
    open_take: Callable[[str], LabelWindow], server: Any
) -> None:
    window = open_take("taken-back")
    labeler = labeler_of(server)
    labeler.suspend()
    window.click(14, 26)
    window.state("Saving …")
    window.page.keyboard.press("z")
    labeler.resume()
    window.without_mask()
    window.state("Saved")
    assert window.labels("taken-back").snapshot.masks == {}
    window.page.keyboard.press("y")
    window.caption("clicked")


def test_nothing_counts_as_saved_while_it_is_typed(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("typing")
    window.state("Saved")
    window.page.focus("#label-instruction")
    window.page.keyboard.type("x")
    window.state("Not saved yet")
    window.page.keyboard.press("Backspace")
    window.state("Saved")
    window.page.click(".tl-label .add-object")
    window.page.keyboard.type("cup")
    window.state("Not saved yet")
    asked: list[str] = []
    window.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    window.page.evaluate("location.reload()")
    window.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    window.page.keyboard.press("Enter")
    window.revision(1)


def test_what_was_refused_stays_in_its_field_with_the_reason(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("ended")
    window.say("push " * 101)
    hint = "document.querySelector('.tl-label .panel .hint').textContent"
    window.window.wait(f"{hint}.includes('at most 500 characters, not 504')")
    window.state("Not saved yet")
    assert len(window.instruction) == 505
    window.say("push it")
    window.revision(1)
    assert window.labels("ended").snapshot.instruction == "push it"
