from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teachloop.recorder.station.messages import COMMANDS, BadCommand, parse

GOOD: dict[str, dict[str, Any]] = {
    "acquire": {"client": "a"},
    "chunk": {"policy": "x", "time_ns": 1, "poses": [[0.0] * 16], "grippers": [1.0]},
    "twist": {"linear": [0, 0.1, 0], "angular": [0, 0, 0]},
    "select_agent": {"name": "expert"},
    "attach_policy": {"name": "p"},
    "mark_success": {"value": True},
}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_a_form_that_is_accepted(name: str) -> None:
    parsed, fields = parse({"id": 1, "command": name, "lease": "t", **GOOD.get(name, {})})
    assert parsed == name
    assert set(fields) == set(COMMANDS[name])


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (None, "A command is a map"),
        ([], "A command is a map"),
        ({"command": 5}, "A command is a map"),
        ({"command": "fly"}, "No command 'fly'. Known: acknowledge"),
        ({"command": "twist", "linear": [0, 0, 0]}, "twist needs the field 'angular'"),
        ({"command": "twist", "linear": [0, 0], "angular": [0, 0, 0]}, "must be 3 numbers"),
        (
            {"command": "twist", "linear": [float("nan"), 0, 0], "angular": [0, 0, 0]},
            "twist.linear must be a number from -2 to 2, got nan",
        ),
        ({"command": "start", "until_done": "yes"}, "must be true or false"),
        ({"command": "stop", "now": 1}, "stop takes no fields; not now"),
        ({"command": "select_agent", "name": 7}, "must be text"),
        ({"command": "acquire", "client": "x" * 2000}, "at most 1000 characters"),
        ({"command": "reset", "seed": -1}, "reset.seed must be a whole number from 0 to 922337203"),
        ({"command": "reset", "seed": 2**63}, "reset.seed must be a whole number"),
        ({"command": "reset", "seed": True}, "reset.seed must be a whole number"),
        ({"command": "restore", "take": ""}, "restore.take must be a take's id such as 2026"),
    ],
)
def test_a_malformed_command_is_refused_in_words(message: Any, words: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(message)
    assert words in str(refused.value)


@pytest.mark.parametrize("command", ["restore", "mark_success"])
@pytest.mark.parametrize(
    "take", ["../../x", "/tmp/x", "..", ".", ".x", "a/b", "a\0b", "x" * 101, 5]
)
def test_no_take_id_leads_out_of_the_folder_of_the_takes(command: str, take: Any) -> None:
    with pytest.raises(BadCommand, match=f"{command}.take must be a take's id"):
        parse({"command": command, "take": take, **GOOD.get(command, {})})


def test_the_ids_of_takes_are_accepted() -> None:
    _, fields = parse({"command": "restore", "take": "20261122-154312-0007"})
    assert fields == {"take": "20261122-154312-0007"}


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=40)
@given(st.sampled_from(sorted(COMMANDS)), st.dictionaries(st.text(), anything), anything)
def test_no_message_raises_anything_else(name: str, fields: dict[str, Any], value: Any) -> None:
    chosen = dict.fromkeys(COMMANDS[name], value)
    for message in (value, fields, {**fields, "command": name}, {**chosen, "command": name}):
        try:
            parse(message)
        except BadCommand:
            continue
