"""Takes to a tried policy by keyboard alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from filled_data import fill

FURTHEST = 300  # controls on a page
TRAINED_MS = 240_000
STATE = "RegExp(given).test(document.querySelector('.tl-finetune .job .state b')?.textContent)"


@pytest.fixture(scope="module")
def server(new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """One of these tests alone, with takes, an adapter and jobs."""
    server = new_server(tmp_path_factory.mktemp("filled"))
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


def test_takes_are_chosen_learned_from_tried_and_binned_by_keyboard_alone(
    window: Any, server: Any
) -> None:
    keyboard = Keyboard(window)
    keyboard.press("3")
    window.wait("document.querySelectorAll('.tl-finetune .takes li input').length === 2")
    count = "document.querySelector('.tl-finetune .choose .total').textContent.startsWith(given)"
    keyboard.press("a")
    if not window.page.evaluate(f"given => {count}", "2 of 2"):
        keyboard.press("a")
    window.wait(count, "2 of 2")
    keyboard.go(".tl-finetune .takes li:nth-child(2) input")
    keyboard.press("Space")
    window.wait(count, "1 of 2")
    assert window.page.evaluate("document.activeElement.matches('.takes li:nth-child(2) input')")
    keyboard.go("[name=finetune-preset]")
    keyboard.press("ArrowUp")
    assert window.page.is_checked("[name=finetune-preset][value=tiny]")
    keyboard.go("#finetune-rollouts")
    keyboard.press("Home")
    window.blur()
    keyboard.write("#finetune-name", "by hand")
    window.enabled(".tl-finetune .go")
    keyboard.press("f")
    window.wait(STATE, "queued|running|done")
    first = "document.querySelector('.tl-finetune .adapters li input')?.value === given"
    window.wait(first, "by hand", TRAINED_MS)
    learned = window.ask("/api/adapters")["adapters"][0]
    assert (learned["name"], len(learned["takes"])) == ("by hand", 1)

    keyboard.press("4")
    window.wait("document.querySelector('#rollout-adapter').selectedOptions[0]?.text === given",
                "by hand")  # fmt: skip
    keyboard.write("#rollout-count", "2")
    keyboard.press("b")
    result = "document.querySelector('.batch .rate')?.textContent.includes(given)"
    window.wait(result, "by hand: pu", TRAINED_MS)
    window.wait(result, " of 2, 95 %", TRAINED_MS)

    keyboard.press("3")
    keyboard.go(".tl-finetune .adapters li:first-child .row button:last-child")
    keyboard.press("Enter")
    window.wait(f"!({first})", "by hand")
    keyboard.press("5")
    window.wait("document.querySelectorAll('.tl-data tbody tr').length === 2")
    keyboard.press("ArrowDown")
    window.wait("document.querySelector('.tl-data .title').textContent.startsWith('Take ')")
    keyboard.press("Delete")
    window.wait("document.querySelectorAll('.tl-data tbody tr').length === 1")
    assert len(window.takes()) == 1
    keyboard.press("z")
    window.wait("document.querySelectorAll('.tl-data tbody tr').length === 2")
