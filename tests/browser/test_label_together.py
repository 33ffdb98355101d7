"""Two windows at one take: nothing that anybody did or typed is lost."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from drawn_takes import draw_take
from label_window import TEST_PICTURES, LabelWindow


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("together")
    for name in ("shared", "typed", "listed", "cleared"):
        draw_take(data, name, labeled=False)
    server = new_server(data, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


def test_two_windows_click_in_one_take_and_each_shows_all(
    open_take: Callable[[str], LabelWindow],
) -> None:
    one, other = open_take("shared"), open_take("shared")
    for number in range(6):
        one.click(14, 22 + number)
        other.click(16, 22 + number)
    for window in (one, other):
        window.state("Saved")
        assert window.page.locator(".tl-notice.bad").count() == 0
    said = one.labels("shared").snapshot
    assert len(said.prompts) == 12
    for window in (one, other):
        window.revision(said.revision)


def test_a_mask_cleared_in_one_window_while_the_other_saves_goes_in_both(
    open_take: Callable[[str], LabelWindow],
) -> None:
    one, other = open_take("cleared"), open_take("cleared")
    one.click(14, 26)
    for window in (one, other):
        window.caption("clicked")
    one.page.keyboard.press("Delete")
    other.page.keyboard.press("s")
    for window in (one, other):
        window.without_mask()
    said = one.labels("cleared").snapshot
    assert (dict(said.masks), said.success) == ({}, True)


def test_what_is_typed_while_another_saves_is_kept_and_asked_about(
    open_take: Callable[[str], LabelWindow],
) -> None:
    one, other = open_take("typed"), open_take("typed")
    other.page.focus("#label-instruction")
    other.page.keyboard.press("End")
    other.page.keyboard.type(" gently")
    other.state("Not saved yet")
    one.say("said by one")
    conflict = other.page.locator(".tl-label .conflict")
    conflict.wait_for(state="visible")
    assert "said by one" in conflict.inner_text()
    other.page.press("#label-instruction", "Tab")
    assert other.instruction == "push the red square to the right gently"
    assert other.labels("typed").snapshot.instruction == "said by one"
    conflict.get_by_role("button", name="Keep mine").click()
    conflict.wait_for(state="hidden")
    other.revision(2)
    one.revision(2)
    assert one.instruction == other.instruction
    other.page.focus("#label-instruction")
    other.page.keyboard.type("or ")
    one.say("said by one again")
    conflict.get_by_role("button", name="Take theirs").click()
    other.revision(3)
    assert other.instruction == "said by one again"


def test_lists_that_two_windows_change_at_once_hold_what_both_said(
    open_take: Callable[[str], LabelWindow],
) -> None:
    one, other = open_take("listed"), open_take("listed")
    for window, words in ((one, "shove it"), (other, "slide it")):
        window.page.click(".tl-label .add-paraphrase")
        window.page.keyboard.type(words)
    one.page.keyboard.press("Enter")
    other.page.keyboard.press("Enter")
    for window, name in ((one, "cup"), (other, "bin")):
        window.page.click(".tl-label .add-object")
        window.page.keyboard.type(name)
    one.page.keyboard.press("Enter")
    other.page.keyboard.press("Enter")
    one.revision(4)
    other.revision(4)
    said = one.labels("listed").snapshot
    assert sorted(said.paraphrases) == ["shove it", "slide it"]
    assert sorted(each.name for each in said.objects) == ["bin", "cup"]
    assert len(said.targets) == 1
    first = one.page.locator(".tl-label .paraphrases input").first
    first.fill("push it over")
    other.page.click(".tl-label .paraphrases li:first-child button")
    other.revision(5)
    first.press("Enter")
    one.revision(6)
    assert one.labels("listed").snapshot.paraphrases == (said.paraphrases[1], "push it over")
