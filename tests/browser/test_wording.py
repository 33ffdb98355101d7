"""Words that do not go together, put right in all takes from the Label page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from drawn_takes import draw_take
from label_window import TEST_PICTURES, LabelWindow

from teachloop.datasets.labels.edits import SetInstruction, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels

WORDS = "push the red square to the right"
DIALOG = ".tl-dialog.tl-wording"
TOLD = f"document.querySelector('{DIALOG} .told')?.textContent"
BUTTON = "document.querySelector('.tl-label .queue .wording').textContent"


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Five takes in the same words, one that begins with a capital, one with another object."""
    data = tmp_path_factory.mktemp("wording")
    for name in ("a", "b", "c", "d", "e", "f", "g"):
        draw_take(data, name, labeled=False)
        thing = "block" if name == "g" else "red square"
        text = WORDS.capitalize() if name == "f" else WORDS
        edits = [SetObjects((ObjectLabel(thing, True),)), SetInstruction(text)]
        Labels.open(data / "takes" / name).apply(edits, 0, "test")
    server = new_server(data, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


def instruction(label: LabelWindow, take: str) -> str | None:
    return label.labels(take).snapshot.instruction


def objects(label: LabelWindow, take: str) -> list[str]:
    return [each.name for each in label.labels(take).snapshot.objects]


def test_findings_are_put_right_by_enter_and_taken_back_by_a_key(window: Any, server: Any) -> None:
    label, page = LabelWindow(window, server.data), window.page
    label.show("a")
    window.wait(f"{BUTTON}.includes('2 to look at')")
    window.blur()
    page.keyboard.press("/")
    window.wait(f"document.querySelectorAll('{DIALOG} li .row').length === 2")
    window.wait("document.activeElement.textContent === 'Call it “red square”'")
    page.keyboard.press("Enter")
    window.wait(f"{TOLD} === 'Put right in 1 take.'")
    assert objects(label, "g") == ["red square"]
    page.keyboard.press("Enter")
    window.wait(f"document.querySelector('{DIALOG} .empty') !== null")
    assert instruction(label, "f") == WORDS
    page.keyboard.press("z")
    window.wait(f"{TOLD} === 'Taken back in 1 take.'")
    assert instruction(label, "f") == WORDS.capitalize()
    assert objects(label, "g") == ["red square"], "only the last one was taken back"


def test_what_is_right_as_it_is_is_left_and_not_found_again(window: Any, server: Any) -> None:
    label, page = LabelWindow(window, server.data), window.page
    label.show("a")
    window.wait(f"{BUTTON}.includes('to look at')")
    page.click(".tl-label .queue .wording")
    page.click(f"{DIALOG} li:has-text('Push') button:text-is('Leave it')")
    window.wait(f"!document.querySelector('{DIALOG} ul').textContent.includes('“Push')")
    window.reload()
    label.show("a")
    page.wait_for_timeout(500)
    page.click(".tl-label .queue .wording")
    page.wait_for_selector(f"{DIALOG} li")
    assert "“Push" not in page.inner_text(f"{DIALOG} ul")
