"""What is found in the words of many takes, and what would put it right."""

from collections.abc import Mapping

import pytest

from teachloop.labeler.consistency.check import check_words
from teachloop.labeler.consistency.remedies import (
    Aim,
    NameSubtasks,
    Remedy,
    Rename,
    Respell,
    Rewrite,
)
from teachloop.labeler.consistency.spelling import distance
from teachloop.labeler.consistency.take_words import TakeWords

PICK = "pick up the red cube"
GOOD: dict[str, object] = {
    "task": "pick", "instruction": PICK, "objects": ("red cube", "bin"), "targets": ("red cube",),
    "subtasks": ("reach", "lift"), "done": True,
}  # fmt: skip


def takes(*different: Mapping[str, object], good: int = 6) -> list[TakeWords]:
    """Some takes with nothing to be found in, and others that differ from them."""
    given = [{**GOOD} for _ in range(good)] + [{**GOOD, **each} for each in different]
    return [TakeWords(take=f"t{number}", **each) for number, each in enumerate(given)]  # type: ignore[arg-type]


def found(*different: Mapping[str, object], good: int = 6) -> list[tuple[list[str], Remedy | None]]:
    findings = check_words(takes(*different, good=good))
    assert all(bool(each.does) == (each.remedy is not None) for each in findings)
    return [(each.takes, each.remedy) for each in findings]


def test_takes_in_the_same_words_have_no_finding() -> None:
    assert found() == []
    assert check_words([]) == []


@pytest.mark.parametrize(
    "odd", ["Pick up the red cube", "pick up the red cube.", "pick  up the red  cube", PICK.upper()]
)
def test_capitals_blanks_and_stops_make_no_other_instruction(odd: str) -> None:
    assert found({"instruction": odd}) == [(["t6"], Rewrite(old=odd, new=PICK))]


def test_an_object_is_spelled_as_in_most_takes() -> None:
    odd = {"objects": ("Red cube", "bin"), "targets": ("Red cube",)}
    assert found(odd) == [(["t6"], Rewrite(old="Red cube", new="red cube"))]


def test_a_rare_word_near_a_common_one_is_a_slip() -> None:
    odd = {"paraphrases": ("grasp the red cueb now, reach it",)}
    common = {"paraphrases": ("grasp the red block",)}
    slip = {"paraphrases": ("grasp the red blcok",)}
    assert found(*[common] * 6, slip) == [(["t12"], Respell(old="blcok", new="block"))]
    assert found(odd) == [], "words of four letters are too often words of their own"


@pytest.mark.parametrize(
    ("rare", "common"),
    [
        ("grasp the red blocks", "grasp the red block"),
        ("place the plate", "place the cup"),
        ("go to shelf12", "go to shelf13"),
        ("grasp the red clock", "grasp the red thing"),
    ],
    ids=["a plural", "both in one text", "numbers", "no common word is near"],
)
def test_words_of_their_own_are_no_slips(rare: str, common: str) -> None:
    assert found(*[{"paraphrases": (common,)}] * 6, {"paraphrases": (rare,)}) == []


def test_one_thing_has_the_name_that_the_instruction_has() -> None:
    odd = {"objects": ("cube",), "targets": ("cube",)}
    block = {"objects": ("block",), "targets": ("block",)}
    assert found(block) == [(["t6"], Rename(old="block", new="red cube"))]
    assert found(odd) == [(["t6"], Rename(old="cube", new="red cube"))]


def test_a_target_that_is_never_named_is_called_after_the_instruction() -> None:
    odd = {"instruction": "push the green ball left", "objects": ("thing",), "targets": ("thing",)}
    assert found(odd) == [(["t6"], Rename(old="thing", new="green ball"))]
    named = {**odd, "paraphrases": ("push that thing",)}
    assert found(named) == []


def test_nobody_knows_which_of_two_names_is_right_where_none_is_said() -> None:
    said = {"instruction": "tidy up"}
    one = {**said, "objects": ("cup",), "targets": ("cup",)}
    other = {**said, "objects": ("mug",), "targets": ("mug",)}
    assert found(one, other) == [(["t6"], None), (["t7"], None)]
    assert (["t8"], Rename(old="mug", new="cup")) in found(one, one, other)


def test_an_instruction_about_no_object_aims_at_the_one_that_it_names() -> None:
    assert found({"targets": ()}) == [(["t6"], Aim(object="red cube"))]
    both = {"instruction": "put the red cube into the bin", "targets": ()}
    assert found(both) == [(["t6"], None)]
    assert found({"targets": (), "objects": ()}) == [(["t6"], None)]
    assert found({"targets": (), "objects": (), "done": False}) == [], "it is not labelled yet"


def test_sub_tasks_are_named_as_in_other_takes_of_the_task() -> None:
    assert found({"subtasks": ("", "lift")}) == [(["t6"], NameSubtasks(names=["reach", "lift"]))]
    assert found({"subtasks": ("", "")}) == [(["t6"], NameSubtasks(names=["reach", "lift"]))]
    assert found({"subtasks": ("", "drop")}) == [(["t6"], None)]
    assert found({"subtasks": ("", "", "")}) == [(["t6"], None)]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("block", "block", 0), ("blcok", "block", 1), ("blok", "block", 1), ("blocks", "block", 1),
     ("clock", "block", 1), ("lbokc", "block", 2), ("", "block", 5)],
)  # fmt: skip
def test_swapped_letters_are_one_slip(one: str, other: str, apart: int) -> None:
    assert distance(one, other) == distance(other, one) == apart


CALLED = {"synonyms": {"red cube": ("block", "die")}}


def test_an_instruction_names_an_object_by_a_synonym() -> None:
    block = {"instruction": "push the block left"}
    assert found(block) == [(["t6"], Rename(old="red cube", new="block"))]
    assert found({**block, **CALLED}) == []


def test_a_declared_synonym_is_no_second_name() -> None:
    other = {"objects": ("block", "bin"), "targets": ("block",)}
    assert found(other) == [(["t6"], Rename(old="block", new="red cube"))]
    assert found({**other, "synonyms": {"block": ("red cube",)}}) == []
    both = {"instruction": "take that", "paraphrases": ("take the red cube", "take the block")}
    assert found(both, both, {**both, **other}) == [(["t8"], Rename(old="block", new="red cube"))]
    assert found({**both, **CALLED}, both, {**both, **other}) == [], "said in another take"


def test_the_only_object_that_is_named_by_a_synonym_may_be_the_target() -> None:
    aimless = {**CALLED, "instruction": "push the die left", "targets": ()}
    assert found(aimless) == [(["t6"], Aim(object="red cube"))]


def test_an_object_does_not_get_the_name_that_another_is_called_by() -> None:
    odd = {"instruction": "push the die left", "objects": ("thing", "red cube"),
           "targets": ("thing",)}  # fmt: skip
    assert found(odd) == [(["t6"], Rename(old="thing", new="die"))]
    assert found({**odd, **CALLED}) == [(["t6"], None)]


def test_one_word_for_two_objects_is_told() -> None:
    beside = {"objects": ("red cube", "bin", "die")}
    assert found(beside) == []
    assert found(CALLED, CALLED, beside) == [(["t8"], None)]


def test_a_synonym_is_spelled_as_in_most_takes() -> None:
    odd = {"synonyms": {"red cube": ("Block", "die")}}
    assert found(*[CALLED] * 3, odd) == [(["t9"], Rewrite(old="Block", new="block"))]
