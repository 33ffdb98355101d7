"""Wordings are proposed on the Label page: taken by key or click, as one step, or left."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import draw_take
from label_window import TEST_PICTURES, LabelWindow
from tiny_language_model import save_language_model

from teachloop.labeler.paraphrasing.interface import Wordings

METHODS = Path(__file__).parents[1] / "labeler"
TAKES = ("keys", "mouse", "left", "slow", "other", "modelled", "silent", "broken", "shared")
AREA = ".tl-label .proposals"
INSTRUCTION = "push the red square to the right"
ANSWER = "please push the red square to the right\nshove the red square to the left"
SETTINGS = {
    "paraphrasers": {
        name: f"made_up_paraphrasers:{name.capitalize()}" for name in ("slow", "silent", "broken")
    },
}


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("proposals")
    for name in TAKES:
        draw_take(data, name, labeled=False)
    said = Wordings(instruction=INSTRUCTION)
    model = save_language_model(data / "their-model", said, ANSWER)
    settings = {**SETTINGS, "weights": {"language-model": str(model)}}
    (data / "labeler.json").write_text(json.dumps(settings))
    path = os.pathsep.join([str(METHODS), *filter(None, [os.environ.get("PYTHONPATH")])])
    own = {"PYTHONPATH": path, "MADE_UP_CANCELLED": str(data / "cancelled"), "OMP_NUM_THREADS": "1"}
    server = new_server(data, own, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


def choose(window: LabelWindow, paraphraser: str) -> None:
    window.page.locator(".tl-label .paraphraser select").select_option(paraphraser)
    window.window.blur()


def told(window: LabelWindow, words: str, timeout_ms: int = 60_000) -> None:
    """Wait until the page says it of what is proposed."""
    source = f"document.querySelector('{AREA} .source')"
    window.window.wait(
        f"{source}.offsetParent && {source}.textContent.includes(given)", words, timeout_ms
    )


def proposed(window: LabelWindow) -> list[str]:
    return window.page.locator(f"{AREA} li span").all_inner_texts()


def gone(window: LabelWindow) -> None:
    window.page.wait_for_selector(AREA, state="hidden")


def paraphrases(window: LabelWindow, take: str) -> tuple[str, ...]:
    window.state("Saved")
    return window.labels(take).snapshot.paraphrases


def test_by_keyboard_one_is_taken_then_all_and_undo_takes_back_one_step(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("keys")
    keyboard, title = window.page.keyboard, window.page.inner_text(".tl-label .title")
    keyboard.press("*")
    told(window, "Proposed by templates")
    texts = proposed(window)
    assert len(texts) > 4
    assert window.labels("keys").revision == 0, "nothing is said until it is taken"
    keyboard.press("*")
    focused = f"document.activeElement === document.querySelector('{AREA} li button')"
    window.window.wait(focused)
    keyboard.press("Enter")
    first = f".tl-label .paraphrases input[aria-label='Wording 1'][value='{texts[0]}']"
    window.page.wait_for_selector(first)
    window.window.wait(focused)
    assert proposed(window) == texts[1:]
    assert paraphrases(window, "keys") == (texts[0],)
    window.page.locator(f"{AREA} .all").focus()
    keyboard.press("Enter")
    gone(window)
    assert paraphrases(window, "keys") == tuple(texts)
    assert window.labels("keys").revision == 2
    window.window.blur()
    keyboard.press("z")
    window.revision(3)
    assert paraphrases(window, "keys") == (texts[0],)
    assert window.page.inner_text(".tl-label .title") == title, "Enter has gone on to another"


def test_by_mouse_one_is_taken_one_is_left_and_the_rest_too(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("mouse")
    window.page.click(".tl-label .propose")
    told(window, "Proposed by templates")
    texts = proposed(window)
    window.page.click(f"{AREA} li:nth-child(2) button:first-child")
    window.page.wait_for_selector(f".tl-label .paraphrases input[value='{texts[1]}']")
    window.page.click(f"{AREA} li:first-child button.icon")
    window.window.wait(f"document.querySelectorAll('{AREA} li').length === given", len(texts) - 2)
    assert proposed(window) == texts[2:]
    window.page.click(f"{AREA} .none")
    gone(window)
    assert paraphrases(window, "mouse") == (texts[1],)
    window.page.click(".tl-label .propose")
    told(window, "Proposed by templates")
    assert texts[1] not in proposed(window)


def test_escape_leaves_them_and_another_instruction_hides_them(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("left")
    window.page.keyboard.press("*")
    told(window, "Proposed by templates")
    window.page.keyboard.press("Escape")
    gone(window)
    window.page.keyboard.press("*")
    told(window, "Proposed by templates")
    window.say("pull the red square to the left")
    gone(window)
    window.window.blur()
    window.page.keyboard.press("*")
    told(window, "Proposed by templates")
    assert all("left" in text for text in proposed(window))
    assert paraphrases(window, "left") == ()


def test_one_at_work_shows_how_far_it_is_and_is_cancelled(
    open_take: Callable[[str], LabelWindow], server: Any
) -> None:
    window = open_take("slow")
    choose(window, "slow")
    window.page.keyboard.press("*")
    told(window, "a slow one looks for other wordings")
    window.window.wait(f"document.querySelector('{AREA} progress').value > 0")
    window.click(14, 26)
    window.caption("clicked")
    window.page.click(f"{AREA} .cancel")
    gone(window)
    for _ in range(100):
        if (server.data / "cancelled").exists():
            break
        window.page.wait_for_timeout(50)
    assert (server.data / "cancelled").exists()
    assert paraphrases(window, "slow") == ()


def test_an_answer_for_a_take_that_is_no_longer_open_is_not_shown(
    open_take: Callable[[str], LabelWindow], server: Any
) -> None:
    window = open_take("other")
    choose(window, "slow")
    (server.data / "cancelled").unlink(missing_ok=True)
    window.page.keyboard.press("*")
    told(window, "a slow one looks for other wordings")
    window.show("shared")
    gone(window)
    for _ in range(100):
        if (server.data / "cancelled").exists():
            break
        window.page.wait_for_timeout(50)
    window.page.wait_for_timeout(200)
    gone(window)
    window.show("other")
    gone(window)


def test_a_language_model_proposes_what_keeps_the_side(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("modelled")
    choose(window, "language-model")
    window.page.keyboard.press("*")
    told(window, "Proposed by their-model", 180_000)  # transformers loads first
    assert proposed(window) == ["please push the red square to the right"]
    window.page.click(f"{AREA} li button:first-child")
    gone(window)
    assert paraphrases(window, "modelled") == ("please push the red square to the right",)


def test_where_nothing_is_found_or_something_breaks_one_sentence_says_so(
    open_take: Callable[[str], LabelWindow],
) -> None:
    window = open_take("silent")
    choose(window, "silent")
    window.page.keyboard.press("*")
    told(window, "No other wording is known.")
    window.page.click(f"{AREA} .none")
    gone(window)
    choose(window, "broken")
    window.page.keyboard.press("*")
    told(window, "The paraphraser failed: RuntimeError: out of memory")
    window.page.keyboard.press("Escape")
    gone(window)
    window.page.keyboard.press("&")
    chosen = "document.querySelector('.tl-label .paraphraser select').value"
    window.window.wait(f"{chosen} === 'templates'")


def test_another_window_at_the_same_take_is_shown_nothing(
    open_take: Callable[[str], LabelWindow],
) -> None:
    one, other = open_take("shared"), open_take("shared")
    one.page.keyboard.press("*")
    told(one, "Proposed by templates")
    gone(other)
    one.page.click(f"{AREA} .all")
    other.page.wait_for_selector(".tl-label .paraphrases input[aria-label='Wording 4']")
