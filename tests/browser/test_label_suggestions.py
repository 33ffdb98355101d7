"""Suggested clicks on the Label page: looked at, taken by the same key, or left."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from label_window import TEST_PICTURES, LabelWindow
from simulated_takes import SimulatedTake, record, scene_of

SIDE = 256
TAKES = ("taken", "left")


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SimulatedTake]:
    data = tmp_path_factory.mktemp("suggestions") / "takes"
    return {name: record(data / name, scene_of("pick", 102), told=False) for name in TAKES}


@pytest.fixture(scope="module")
def server(new_server: Callable[..., Any], takes: dict[str, SimulatedTake]) -> Iterator[Any]:
    server = new_server(takes["taken"].folder.parents[1], None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_one(new_window: Callable[..., Any], server: Any) -> Callable[[str], LabelWindow]:
    def opened(take: str) -> LabelWindow:
        window = LabelWindow(new_window(), server.data, SIDE)
        window.show(take)
        window.state("Saved")
        return window

    return opened


def test_clicks_are_taken_where_they_are_shown_by_the_key_that_showed_them(
    open_one: Callable[[str], LabelWindow], takes: dict[str, SimulatedTake]
) -> None:
    window, take = open_one("taken"), takes["taken"]
    window.page.keyboard.press("Shift+G")
    window.caption("suggested a click: it stood here until the hand closed on it")
    assert window.labels("taken").revision == 0, "nothing is said until it is taken"
    first = window.tick
    window.page.keyboard.press("Shift+G")
    where = "document.querySelector('.tl-label .where').textContent.split(' ')[0]"
    window.window.wait(f"{where} !== given", str(first))
    window.state("Saved")
    said = window.labels("taken").snapshot
    assert said.prompts
    assert {prompt.frame for prompt in said.prompts} == {first - 1}
    for prompt in said.prompts:
        column, row = map(int, prompt.values)
        assert prompt.positive
        assert take.truth[prompt.camera][prompt.frame][row, column]
    assert len(said.targets) == 1
    for _ in range(20):
        window.page.keyboard.press("Shift+G")
        window.state("Saved")
        if window.labels("taken").revision >= 12:
            break
    masks = window.labels("taken").snapshot.masks
    assert {camera for camera, *_ in masks} == {"front", "wrist"}


def test_a_suggestion_that_is_left_leaves_nothing(open_one: Callable[[str], LabelWindow]) -> None:
    window = open_one("left")
    window.page.click(".tl-label .cutting .suggest", modifiers=["Shift"])
    window.caption("Shift+G takes it")
    window.page.keyboard.press("Escape")
    window.without_mask()
    assert window.labels("left").revision == 0
    assert window.page.locator(".tl-label .subtasks .block").count() == 0
