"""An instruction with alternatives: each take is told one of its wordings, in turn."""

from collections import Counter
from typing import Any

import pytest
from followed_station import decided, ended, module, own_task

HINT = "document.querySelector('.tl-record .hint').textContent"
FIELD = "document.querySelector('#record-instruction').value"


def evaluated(window: Any, expression: str, *given: object) -> Any:
    """Of the module as ``it``."""
    made = (
        f"async (given) => {{ const it = {module('record/templates.js')}; return {expression}; }}"
    )
    return window.page.evaluate(made, list(given))


def variants(window: Any, template: str) -> list[str]:
    return evaluated(window, "it.variantsOf(given[0]).map(({ text }) => text)", template)


def in_turn(window: Any, template: str, takes: int) -> list[str]:
    """What so many takes are told, one after the other."""
    said: list[str] = []
    for _ in range(takes):
        said.append(
            evaluated(window, "it.nextVariant(it.variantsOf(given[0]), given[1])", template, said)
        )
    return said


def test_alternatives_are_all_the_wordings(window: Any) -> None:
    assert variants(window, "put the { cup | mug*2 } on the {plate|tray|}") == [
        "put the cup on the plate",
        "put the cup on the tray",
        "put the cup on the",
        "put the mug on the plate",
        "put the mug on the tray",
        "put the mug on the",
    ]


@pytest.mark.parametrize("plain", ["put it back", "set {a} free", "a | b", "{a|b", "", "2*3"])
def test_what_has_no_alternatives_is_said_as_it_is(window: Any, plain: str) -> None:
    assert variants(window, plain) == []


def test_more_than_500_wordings_are_none(window: Any) -> None:
    assert len(variants(window, "{a|b|c|d|e} {a|b|c|d|e} {a|b|c|d|e} {a|b|c|d}")) == 500
    assert variants(window, "{a|b|c|d|e} {a|b|c|d|e} {a|b|c|d|e} {a|b|c|d|e}") == []


def test_each_wording_is_said_as_often_as_it_weighs(window: Any) -> None:
    said = Counter(in_turn(window, "take the {cup|mug*3}", 40))
    assert said == {"take the cup": 10, "take the mug": 30}


def test_neighbours_have_little_in_common(window: Any) -> None:
    first, second, third, fourth = in_turn(window, "{lift|push} the {cup|mug}", 4)
    assert (first, second) == ("lift the cup", "push the mug")
    assert {third, fourth} == {"lift the mug", "push the cup"}


def test_what_is_said_alike_is_one_wording_and_what_weighs_nothing_none(window: Any) -> None:
    assert variants(window, "take the {cup|cup|mug|jug*0}") == ["take the cup", "take the mug"]
    assert Counter(in_turn(window, "take the {cup|cup|mug}", 9))["take the cup"] == 6
    assert variants(window, "take the {cup*0|mug*0}") == []


def test_a_discarded_take_leaves_its_wording_to_the_next_one(window: Any) -> None:
    page = window.page
    own_task(window, "nod {once|twice|thrice}")
    page.check("#record-next")
    page.fill("#record-next-s", "1")
    window.blur()
    decided(window, "Backspace")
    window.phase("recording")
    assert page.input_value("#record-instruction") == "nod once"
    ended(window, "Enter")
    window.phase("recording")
    assert page.input_value("#record-instruction") == "nod twice"
    page.uncheck("#record-next")
    window.blur()
    ended(window, "Backspace")
    window.phase("ready")


def test_what_somebody_wrote_is_not_replaced(window: Any) -> None:
    page = window.page
    own_task(window, "bow {once|twice}")
    window.wait(f"{FIELD} === 'bow once'")
    page.fill("#record-instruction", "bow as you like")
    window.blur()
    decided(window, "Enter")
    page.wait_for_timeout(800)
    assert page.input_value("#record-instruction") == "bow as you like"


def test_a_template_on_several_lines_is_one_task(window: Any) -> None:
    page = window.page
    page.fill("#record-instruction", "shake  it {once|\n twice}")
    page.click(".tl-record .task .add")
    window.wait(f"{FIELD} === 'shake it once'")
    window.blur()


def test_takes_of_a_template_are_told_its_wordings_in_turn(window: Any) -> None:
    page = window.page
    own_task(window, "wave {once|twice} to the {left|right}")
    window.wait(f"{FIELD} === 'wave once to the left'")
    decided(window, "Enter")
    window.wait(f"{FIELD} === 'wave twice to the right'")
    window.wait(
        "document.querySelector('.tl-record .hint').textContent.includes('1 of 4 wordings')"
    )
    decided(window, "Backspace")
    page.wait_for_timeout(500)
    assert page.input_value("#record-instruction") == "wave twice to the right", (
        "none was kept of it"
    )
    page.check("#record-next")
    page.fill("#record-next-s", "1")
    window.blur()
    decided(window, "Enter")
    window.phase("recording")
    page.uncheck("#record-next")
    window.blur()
    ended(window, "Enter")
    window.phase("ready")
    told = [take["instruction"] for take in window.takes() if take["task"].startswith("wave {")]
    assert told[:2] == ["wave once to the right", "wave twice to the right"]
    assert told[-1] == "wave once to the left"


def test_alternatives_are_saved_before_they_are_recorded(window: Any) -> None:
    page = window.page
    own_task(window, "wave three times")
    page.fill("#record-instruction", "wave {four|five} times")
    window.blur()
    page.keyboard.press("r")
    page.wait_for_selector(".tl-notice:has-text('Save the alternatives as a task first')")
    assert "ready" in page.inner_text(".tl-station")
