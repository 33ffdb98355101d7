import inspect
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teachloop.recorder.station import commands
from teachloop.recorder.station.command_handler import CommandHandler
from teachloop.recorder.station.command_table import COMMANDS, NAMES, BadCommand
from teachloop.recorder.station.commands import Command
from teachloop.recorder.station.messages import parse, to_message

GOOD: dict[str, dict[str, Any]] = {
    "acquire": {"client": "a"},
    "chunk": {"policy": "x", "time_ns": 1, "poses": [[0.0] * 16], "grippers": [1.0]},
    "twist": {"linear": [0, 0.1, 0], "angular": [0, 0, 0]},
    "look": {"camera": "front"},
    "replay": {"take": "20261122-154312-0007"},
    "select_agent": {"name": "expert"},
    "attach_policy": {"name": "p"},
    "mark_success": {"value": True},
}
# What each field refuses, where it needs be by its command's name, and the words for what is right.
WRONG: dict[str, tuple[object, str]] = {
    "client": (7, "must be text of at most 1000 characters"),
    "camera": (7, "must be text of at most 1000 characters"),
    "take_over": ("yes", "must be true or false"),
    "policy": (None, "must be text of at most 1000 characters"),
    "time_ns": (1.5, "must be a whole number"),
    "poses": ([[0.0] * 15], "must be 16 numbers from -10 to 10"),
    "grippers": ([2], "must be a number from 0 to 1"),
    "linear": ([0, 0], "must be 3 numbers from -2 to 2 (m/s)"),
    "angular": ([0, 0, float("nan")], "must be 3 numbers from -6 to 6 (rad/s)"),
    "gripper": (-1, "must be a number from 0 to 1"),
    "frame": ("world", "must be 'base', 'camera' or 'hand'"),
    "name": ([], "must be text of at most 1000 characters"),
    "task": (5, "must be text of at most 1000 characters"),
    "start.task": (5, "must be a map of fields"),
    "agent": (7, "must be text of at most 1000 characters"),
    "instruction": ("x" * 1001, "must be text of at most 1000 characters"),
    "operator": ({}, "must be text of at most 1000 characters"),
    "seed": (-1, "must be a whole number from 0 to 9223372036854775807"),
    "verb": (1, "must be text of at most 1000 characters"),
    "split": ("other", "must be 'base' or 'novel'"),
    "until_done": (1, "must be true or false"),
    "next": (3, "must be a map"),
    "countdown_s": (61, "must be a number of seconds from 0 to 60"),
    "success": (0, "must be true or false"),
    "take": ("../x", "must be a take's id such as 20261122-154312-0007"),
    "value": ("no", "must be true or false"),
    "partly": (1, "must be true or false"),
}


def message(name: str, /, **fields: object) -> dict[str, object]:
    return {"id": 1, "command": name, "lease": "t", "fields": {**GOOD.get(name, {}), **fields}}


def fields_of_all() -> list[tuple[str, str]]:
    return [(name, each) for name, kind in COMMANDS.items() for each in kind.request.model_fields]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_a_form_that_is_accepted_and_travels(name: str) -> None:
    request = parse(message(name))
    assert NAMES[type(request.command)] == name
    assert parse(to_message(request.command, 2, None).model_dump()).command == request.command


@pytest.mark.parametrize(("name", "field"), fields_of_all())
def test_every_wrong_field_is_named_with_what_would_be_right(name: str, field: str) -> None:
    wrong, words = WRONG.get(f"{name}.{field}") or WRONG[field]
    with pytest.raises(BadCommand) as refused:
        parse(message(name, **{field: wrong}))
    assert str(refused.value).startswith(f"{name}.{field}")
    assert words in str(refused.value)


def test_every_command_of_this_module_is_in_the_table() -> None:
    defined = {
        each
        for _, each in inspect.getmembers(commands, inspect.isclass)
        if issubclass(each, Command)
        and each.__module__ == commands.__name__
        and each.__module__ == commands.__name__
    }
    assert {each for each in defined - {Command} if "[" not in each.__name__} == set(NAMES)


def test_every_command_has_a_handler() -> None:
    class Anything:
        def __getattr__(self, name: str) -> Any:
            return lambda *given: None

    handler = CommandHandler(Anything())  # type: ignore[arg-type]
    assert {*handler._table.kinds, commands.Acquire} == set(NAMES)


def test_every_reply_is_of_the_type_that_its_command_promises() -> None:
    for kind in COMMANDS.values():
        (base,) = kind.request.__bases__
        promised = base.__pydantic_generic_metadata__["args"]
        assert get_type_hints(type(kind)), kind
        assert promised == (kind.reply._type,)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (None, "A command is a map"),
        ([], "A command is a map"),
        ({"command": 5}, "command must be text, got 5"),
        ({}, "command is missing"),
        ({"command": "stop", "now": 1}, "now is no field that is known here"),
        ({"command": "stop", "fields": 5}, "A command is a map"),
        ({"command": "fly"}, "No command 'fly'. Known: acknowledge"),
        (message("stop", now=1), "stop takes no fields; not now"),
        (message("start", now=1), "start takes task, agent, until_done, countdown_s; not now"),
        ({"command": "twist", "fields": {"linear": [0, 0, 0]}}, "twist.angular is missing"),
        (message("reset", seed=2**63), "reset.seed must be a whole number"),
        (message("reset", seed=True), "reset.seed must be a whole number"),
    ],
)
def test_a_malformed_command_is_refused_in_words(sent: object, words: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(sent)
    assert words in str(refused.value)


@pytest.mark.parametrize("command", ["restore", "mark_success"])
@pytest.mark.parametrize(
    "take", ["", "../../x", "/tmp/x", "..", ".", ".x", "a/b", "a\0b", "a\n", "x" * 101, 5]
)
def test_no_take_id_leads_out_of_the_folder_of_the_takes(command: str, take: object) -> None:
    with pytest.raises(BadCommand, match=f"{command}.take must be a take's id"):
        parse(message(command, take=take))


def test_the_ids_of_takes_are_accepted() -> None:
    command = parse(message("restore", take="20261122-154312-0007")).command
    assert command == commands.Restore(take="20261122-154312-0007")


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(COMMANDS)), st.dictionaries(st.text(), anything), anything)
def test_no_message_raises_anything_else(name: str, fields: dict[str, Any], value: Any) -> None:
    chosen = dict.fromkeys(COMMANDS[name].request.model_fields, value)
    whole = ({"command": name, "fields": each} for each in (fields, chosen))
    for sent in (value, fields, {**fields, "command": name}, *whole):
        try:
            parse(sent)
        except BadCommand:
            continue
