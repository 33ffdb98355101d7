"""What is said of a take, and what happened in it, with the times of the wall clock."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from full_takes import CREATED, CREATED_NS, TICK_NS, full_take
from mcap_files import McapFile
from numbered_takes import INSTRUCTION, START_NS, NumberedTake, numbered_take

from teachloop.datasets.labels.edits import (
    SetInstruction,
    SetParaphrases,
    SetSegments,
    SetSuccess,
    SetTrim,
)
from teachloop.datasets.labels.label_values import Segment, Trim
from teachloop.datasets.takes.source import Source

Export = Callable[..., McapFile]


def span(first: int, last: int, text: str) -> Segment:
    return Segment(START_NS + first * TICK_NS, START_NS + last * TICK_NS, text)


def test_times_are_those_of_the_wall_clock(tmp_path: Path, export: Export) -> None:
    file = export(full_take(tmp_path))
    assert file.about["created"] == CREATED
    assert int(file.about["clock_offset_ns"]) == CREATED_NS - START_NS
    assert min(each.log_ns for each in file.logged) == CREATED_NS


@pytest.mark.parametrize(
    "fields",
    [
        {"created": "now"},
        {"created": "2026-11-22T15:43:12"},  # of a place that is not told
        {"source": Source(format="lerobot", place="episode 1", sha256="0" * 64)},
    ],
)
def test_a_take_that_knows_no_wall_clock_keeps_its_own_times(
    tmp_path: Path, export: Export, fields: dict[str, object]
) -> None:
    file = export(numbered_take(tmp_path, "one", NumberedTake(ticks=3, fields=fields)))
    assert file.about["clock_offset_ns"] == "0"
    assert min(each.log_ns for each in file.logged) == START_NS


def test_the_instruction_stands_at_the_start(tmp_path: Path, export: Export) -> None:
    how = NumberedTake(ticks=4)
    file = export(numbered_take(tmp_path, "one", how, SetInstruction("take the cup")))
    (logged,) = file.of("/instruction")
    assert (logged.schema, logged.message.message) == ("foxglove.Log", "take the cup")
    assert logged is file.logged[0]


def test_a_take_without_an_instruction_says_none(tmp_path: Path, export: Export) -> None:
    silent = NumberedTake(ticks=3, fields={"instruction": ""})
    file = export(numbered_take(tmp_path, "one", silent))
    assert file.texts("/instruction") == []
    assert file.about["instruction"] == ""


def test_subtasks_are_told_when_they_begin_and_when_none_does(
    tmp_path: Path, export: Export
) -> None:
    spans = (span(2, 5, "reach"), span(5, 8, "lift"), span(9, 30, "place"))
    file = export(numbered_take(tmp_path, "one", NumberedTake(ticks=12), SetSegments(spans)))
    logged = file.of("/subtasks")
    offset_ns = int(file.about["clock_offset_ns"]) + START_NS
    assert [((each.log_ns - offset_ns) // TICK_NS, each.message.message) for each in logged] == [
        *((2, "reach"), (5, "lift"), (8, ""), (9, "place"))
    ]


def test_a_subtask_that_began_before_what_counts_is_told_at_its_start(
    tmp_path: Path, export: Export
) -> None:
    trim = SetTrim(Trim(START_NS + 4 * TICK_NS, START_NS + 9 * TICK_NS))
    spans = SetSegments((span(2, 6, "reach"), span(10, 12, "lift")))
    file = export(numbered_take(tmp_path, "one", NumberedTake(ticks=12), trim, spans))
    offset_ns = int(file.about["clock_offset_ns"]) + START_NS
    told = [
        ((each.log_ns - offset_ns) // TICK_NS, each.message.message)
        for each in file.of("/subtasks")
    ]
    assert told == [(4, "reach"), (6, "")]


def test_events_and_the_robot_s_errors_are_told(tmp_path: Path, export: Export) -> None:
    file = export(full_take(tmp_path))
    told = [(each.message.name, each.message.message) for each in file.of("/events")]
    assert told == [
        ("robot_errors", "none"),
        ("robot_errors", "reflex"),
        ("takeover", "takeover"),
        ("robot_errors", "none"),
        ("warning", "The wrist camera is late."),
        ("stop", "stop"),
    ]
    levels = {each.message.message: each.message.level for each in file.of("/events")}
    log = file.messages("/events")[0]
    assert levels["reflex"] == log.ERROR
    assert {level for text, level in levels.items() if text != "reflex"} == {log.INFO}


def test_people_are_named_only_where_it_is_asked_for(tmp_path: Path, export: Export) -> None:
    file = export(full_take(tmp_path))
    assert "operator" not in file.about
    assert not any("Ada" in text or "Grace" in text for text in file.texts("/events"))
    assert not any("Ada" in text for each in file.metadata.values() for text in each.values())
    (tmp_path / "out").rename(tmp_path / "before")
    file = export("full", operators=True)
    assert file.about["operator"] == "Ada"
    assert "Ada took over from Grace" in file.texts("/events")


@pytest.mark.parametrize(("success", "told"), [(True, "yes"), (False, "no"), (None, "")])
def test_what_is_said_of_all_of_it_is_in_the_metadata(
    tmp_path: Path, export: Export, success: bool | None, told: str
) -> None:
    edits = (SetParaphrases(("nimm ihn",)), SetSuccess(success))
    file = export(numbered_take(tmp_path, "one", NumberedTake(ticks=3, rate_hz=12.5), *edits))
    about = file.about
    assert (about["take"], about["instruction"]) == ("one", INSTRUCTION)
    assert (about["success"], about["rate_hz"], about["robot"]) == (told, "12.5", "made up")
    assert json.loads(about["paraphrases"]) == ["nimm ihn"]
    assert json.loads(about["embodiment"])["gripper"]["opening_m"] == 0.08
