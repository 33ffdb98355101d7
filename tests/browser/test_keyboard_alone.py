"""Takes to a tried policy by keyboard alone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filled_data import fill

FURTHEST = 300  # controls on a page
TRAINED_MS = 240_000
NAME = "by hand"
CHOSEN = "document.querySelector('.tl-finetune .choose .total').textContent.startsWith(given)"
NEWEST = "document.querySelector('.tl-finetune .adapters li input')?.value === given"
RESULT = "document.querySelector('.batch .rate')?.textContent.includes(given)"
ROWS = "document.querySelectorAll('.tl-data tbody tr').length === given"
STATE = "RegExp(given).test(document.querySelector('.tl-finetune .job .state b')?.textContent)"


@pytest.fixture
def server(new_server: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    """With takes, an adapter and jobs; one for each try of the test."""
    server = new_server(tmp_path)
    fill(server.data)
    server.start()
    yield server
    server.stop()


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, window: Any) -> None:
        self.window, self.page = window, window.page

    def go(self, selector: str) -> None:
        """Tab until the control has the focus."""
        for _ in range(FURTHEST):
            if self.page.evaluate("s => document.activeElement?.matches(s)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is never reached")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, selector: str, text: str) -> None:
        """Into a field, which is left by Escape."""
        self.go(selector)
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        self.press("Escape")


def choose_one_take(keyboard: Keyboard) -> None:
    """All of them, then without the second; the focus stays at what was ticked."""
    window = keyboard.window
    keyboard.press("3")
    window.wait("document.querySelectorAll('.tl-finetune .takes li input').length === 2")
    keyboard.press("a")
    if not window.page.evaluate(f"given => {CHOSEN}", "2 of 2"):
        keyboard.press("a")
    window.wait(CHOSEN, "2 of 2")
    keyboard.go(".tl-finetune .takes li:nth-child(2) input")
    keyboard.press("Space")
    window.wait(CHOSEN, "1 of 2")
    assert window.page.evaluate("document.activeElement.matches('.takes li:nth-child(2) input')")


def learn(keyboard: Keyboard) -> None:
    """The smallest fine-tuning, by a name."""
    window = keyboard.window
    keyboard.go("[name=finetune-preset]")
    keyboard.press("ArrowUp")
    assert window.page.is_checked("[name=finetune-preset][value=tiny]")
    keyboard.go("#finetune-rollouts")
    keyboard.press("Home")
    window.blur()
    keyboard.write("#finetune-name", NAME)
    window.enabled(".tl-finetune .go")
    keyboard.press("f")
    window.wait(STATE, "queued|running|done")
    window.wait(NEWEST, NAME, TRAINED_MS)


def try_out(keyboard: Keyboard) -> None:
    window = keyboard.window
    keyboard.press("4")
    chosen = "document.querySelector('#rollout-adapter').selectedOptions[0]?.text === given"
    window.wait(chosen, NAME)
    keyboard.write("#rollout-count", "2")
    keyboard.press("b")
    window.wait(RESULT, f"{NAME}: pu", TRAINED_MS)
    window.wait(RESULT, " of 2, 95 %", TRAINED_MS)


def bin_adapter(keyboard: Keyboard) -> None:
    keyboard.press("3")
    keyboard.go(".tl-finetune .adapters li:first-child .row button:last-child")
    keyboard.press("Enter")
    keyboard.window.wait(f"!({NEWEST})", NAME)


def bin_take_and_undo(keyboard: Keyboard) -> None:
    window = keyboard.window
    keyboard.press("5")
    window.wait(ROWS, 2)
    keyboard.press("ArrowDown")
    window.wait("document.querySelector('.tl-data .title').textContent.startsWith('Take ')")
    keyboard.press("Delete")
    window.wait(ROWS, 1)
    assert len(window.takes()) == 1
    keyboard.press("z")
    window.wait(ROWS, 2)


def test_takes_are_chosen_learned_from_tried_and_binned_by_keyboard_alone(window: Any) -> None:
    keyboard = Keyboard(window)
    choose_one_take(keyboard)
    learn(keyboard)
    learned = window.ask("/api/adapters")["adapters"][0]
    assert (learned["name"], len(learned["takes"])) == (NAME, 1)
    try_out(keyboard)
    bin_adapter(keyboard)
    bin_take_and_undo(keyboard)
