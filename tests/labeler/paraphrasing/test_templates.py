"""Wordings by rules keep colours, sides, numbers, "not" and every object, whatever is asked for."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachloop.labeler.paraphrasing.interface import Called, Wordings
from teachloop.labeler.paraphrasing.proposals import AT_ONCE, LONGEST, Proposals, proposals
from teachloop.labeler.paraphrasing.templates import Templates
from teachloop.simulation.language import Task, phrasings

COLOURS = ("red", "green", "blue", "maroon")
SIDES = ("left", "right")
NUMBERS = ("two", "three", "2", "5")
REFUSALS = ("not", "never", "without")
WATCHED = {*COLOURS, *SIDES, *NUMBERS, *REFUSALS, "top", "first", "then", "all"}
THINGS: Called = (("red cube", "wood"), ("bowl", "dish"), ("handle", "lever"))
INSTRUCTIONS = (
    "open the top drawer",
    "close the red jar",
    "slide the block to the green target",
    "push the maroon button, then push the green button",
    "put the ring on the red spoke",
    "stack 2 red blocks",
    "stack the other cups on top of the maroon cup",
    "turn the left tap",
    "sweep the dirt into the short dustpan",
    "take the steak off the grill",
    "take the umbrella out of the umbrella stand",
    "put the money away in the bottom shelf of the safe",
    "screw in the blue light bulb",
    "place the cylinder in the shape sorter",
    "lift the toilet seat",
    "put all of the groceries in the cupboard",
    "remove the lid from the saucepan",
    "use the stick to drag the cube onto the red target",
    "turn on the lamp",
    "insert the onion ring onto the blue spoke",
    "pull the handle towards the left",
    "rotate the red cube to the right",
    "pick up the rubbish and leave it in the bin",
    "do not touch the red cube",
    "reach the red target without touching the bowl",
)


def proposed(instruction: str, called: Called = THINGS, *more: str) -> Proposals:
    said = Wordings(instruction=instruction, called=called, paraphrases=more)
    return proposals(Templates(), said, lambda share: None, lambda: False)


def facts(text: str, called: Called) -> Counter[str]:
    """Objects by their first names, and words that must not change, by how often they are there."""
    text = text.casefold()
    for names in called:
        for name in sorted(names[1:], key=len, reverse=True):
            text = re.sub(rf"\b{re.escape(name)}\b", names[0], text)
    text = text.replace("don't", "do not")
    kept = Counter(word for word in re.findall(r"\w+", text) if word in WATCHED)
    found = {names[0]: len(re.findall(rf"\b{re.escape(names[0])}\b", text)) for names in called}
    return kept + Counter(found)


@st.composite
def instructions(draw: st.DrawFn) -> str:
    """Some are no English sentence: then nothing may change either."""
    verbs = ["pick up", "put", "push", "stack", "open", "press", "slide", "pull", "turn", "juggle"]
    verbs += ["take", "grab", "move", "turn on", "close", "insert", "remove", "place", "lift"]
    nouns = ["red cube", "bowl", "handle", "cup", "green ball", "two cups", "left drawer"]
    places = ["in", "on", "onto", "on top of", "next to", "from", "to the left of", "behind"]

    def noun() -> str:
        return draw(st.sampled_from(["the ", "a ", ""])) + draw(st.sampled_from(nouns))

    def clause() -> str:
        text = f"{draw(st.sampled_from(verbs))} {noun()}"
        if draw(st.booleans()):
            text += f" {draw(st.sampled_from(places))} {noun()}"
        return text + draw(st.sampled_from(["", " to the left", " right", " without the cup"]))

    text = draw(st.sampled_from(["", "do not ", "never ", "please ", "could you "])) + clause()
    if draw(st.booleans()):
        text += draw(st.sampled_from([" and ", ", then ", " but not "])) + clause()
    return draw(st.sampled_from([text, text.capitalize() + "."]))


@given(instructions())
def test_every_proposal_keeps_objects_colours_sides_numbers_and_not(instruction: str) -> None:
    stacks = "stack" in instruction.casefold()

    def told(text: str) -> Counter[str]:
        """What is stacked on a thing is put on top of it."""
        return facts(text.replace("on top of", "on") if stacks else text, THINGS)

    for text in proposed(instruction).texts:
        assert told(text) == told(instruction), text


@given(instructions())
def test_no_proposal_is_there_already_or_too_long(instruction: str) -> None:
    texts = proposed(instruction).texts
    assert len({text.casefold() for text in (instruction, *texts)}) == len(texts) + 1
    assert len(texts) <= AT_ONCE
    assert all(len(text.encode()) <= LONGEST and "\n" not in text for text in texts)
    assert not set(texts[:3]) & {*proposed(instruction, THINGS, *texts[:3]).texts}


@pytest.mark.parametrize("instruction", INSTRUCTIONS)
def test_tasks_of_other_benchmarks_are_worded_anew_without_a_changed_fact(
    instruction: str,
) -> None:
    found = proposed(instruction)
    assert found.texts
    assert found.dropped == 0, "a rule changes what is said"
    for text in found.texts:
        assert facts(text, THINGS) == facts(instruction, THINGS)


@pytest.mark.parametrize(
    "task",
    [
        Task("pick", "red cube"),
        Task("put", "red cube", "blue bowl"),
        Task("put", "green ball", "red plate"),
        Task("stack", "red cube", "green brick"),
        Task("push", "yellow disc", None, "left"),
    ],
)
def test_tasks_of_the_simulator_are_reworded_in_many_ways(task: Task) -> None:
    known = phrasings(task)
    called = tuple((name,) for name in (task.target, task.destination) if name)
    for instruction in known:
        found = proposed(instruction, called)
        assert found.texts
        assert found.dropped == 0
    texts = {text.casefold() for text in proposed(known[0], called).texts}
    assert len(texts) >= 8
    assert len(texts & {text.casefold() for text in known}) >= 3, "some are the simulator's own"


def test_verbs_places_names_and_politeness_are_reworded() -> None:
    texts = proposed("Put the red cube in the bowl.").texts
    assert any(text.startswith("Place ") for text in texts)
    assert any(text.startswith(("In the", "Into the")) for text in texts)
    assert any("wood" in text for text in texts)
    assert any("dish" in text for text in texts)
    assert any("please" in text.casefold() for text in texts)
    assert all(text[0].isupper() and text[-1] in ".?" for text in texts)


def test_of_what_is_not_understood_names_and_politeness_alone_change() -> None:
    assert set(proposed("the red cube goes in the bowl").texts) == {
        "the wood goes in the dish, please",
        "the wood goes in the dish",
    }
    assert proposed("nimm die Schale", (("Schale", "Schüssel"),)).texts == ("nimm die Schüssel",)
    assert proposed("pega o cubo", ()).texts == ()


def test_an_article_fits_the_name_that_follows_it() -> None:
    texts = proposed("take an apple from the bowl", (("apple", "fruit"), ("bowl",))).texts
    assert any(" a fruit " in text for text in texts)
    assert not any(" an fruit" in text or " a apple" in text for text in texts)


def test_a_pronoun_stands_between_both_parts_of_a_verb() -> None:
    texts = proposed("pick up the cup and put it in the bowl").texts
    assert texts
    assert not any(re.search(r"(up|down) it\b", text) for text in texts)


def test_an_empty_instruction_has_no_other_wording() -> None:
    assert proposed("  ").texts == ()
    assert proposed("please").texts == ()
