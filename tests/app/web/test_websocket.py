"""Whatever a window says is answered in words or passed over; its socket stays open."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import draw_take
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient, WebSocketTestSession

from teachloop.app.web.application import Site, build
from teachloop.app.web.station_process import StationProcess
from teachloop.runtime.access import Access

LABEL = {"type": "label", "take": "one", "action": "read"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A server with one take; no station is started."""
    data: Path = tmp_path_factory.mktemp("data")
    draw_take(data, "one")
    site = Site(data, Access(), StationProcess(data))
    return TestClient(build(site), base_url="http://127.0.0.1:7860")


@pytest.fixture
def socket(client: TestClient) -> Iterator[WebSocketTestSession]:
    with client.websocket_connect("ws://127.0.0.1:7860/live") as socket:
        yield socket


def reply(socket: WebSocketTestSession) -> dict[str, Any]:
    while (message := socket.receive_json())["type"] != "reply":
        pass
    return message


def is_open(socket: WebSocketTestSession) -> bool:
    socket.send_text(json.dumps({**LABEL, "id": "still there?"}))
    return reply(socket)["id"] == "still there?"


def is_still_open(socket: WebSocketTestSession) -> bool:
    """Whatever is answered before."""
    socket.send_text(json.dumps({**LABEL, "id": "still there?"}))
    while reply(socket)["id"] != "still there?":
        pass
    return True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        "1",
        "null",
        "{}",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"type": []}',
        '{"type": {}}',
        '{"type": null}',
        '{"type": "dance"}',
        '{"type": "label", "id": [1]}',
        '{"type": "label", "id": Infinity}',
        '{"type": "label", "id": ' + "9" * 5000 + "}",
    ],
)
def test_what_is_no_message_is_answered_in_words(socket: WebSocketTestSession, text: str) -> None:
    socket.send_text(text)
    answer = reply(socket)
    assert (answer["id"], answer["ok"]) == (None, False)
    assert answer["error"]
    assert is_open(socket)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"type": "dance"}, "must have one of 'beat', 'twist', 'control', 'command'"),
        ({"id": 1}, "must say in 'type' what it is"),
        ({"type": "beat", "id": 1.5}, "beat.id"),
        ({"type": "beat", "loudly": True}, "beat.loudly is no field that is known here."),
        (
            {"type": "twist", "linear": [9, 0, 0], "angular": [0, 0, 0]},
            "twist.linear must be 3 numbers from -2 to 2 (m/s), got [9, 0, 0].",
        ),
        ({"type": "control", "take_over": 1}, "control.take_over must be true or false, got 1."),
        ({"type": "command", "name": 5}, "command.name must be text, got 5."),
        ({"type": "command", "name": "start", "fields": 5}, "command.fields must be a map, got 5."),
        ({"type": "command", "name": "fly"}, "No command 'fly'. Known: acknowledge, acquire"),
        (
            {"type": "command", "name": "start", "fields": {"countdown_s": "soon"}},
            "start.countdown_s must be a number of seconds from 0 to 60, got 'soon'.",
        ),
        ({"type": "command", "name": "heartbeat"}, "A window may not ask for 'heartbeat'."),
        ({"type": "start_station", "now": 1}, "start_station.now is no field"),
        ({"type": "start_labeler", "now": 1}, "start_labeler.now is no field"),
        ({"type": "roll_out", "adapter": "", "base": "b"}, "roll_out.instruction is missing."),
        ({**LABEL, "action": "dance"}, "label.request must have one of 'read', 'click'"),
    ],
)
def test_a_mistake_is_answered_with_its_field_and_what_would_be_right(
    socket: WebSocketTestSession, message: dict[str, Any], words: str
) -> None:
    socket.send_text(json.dumps(message))
    assert words in reply(socket)["error"]


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-(2**70), 2**70) | st.text(max_size=9),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
kinds = st.sampled_from(["twist", "control", "command", "roll_out", "label", "dance"])
names = st.sampled_from(["id", "name", "fields", "linear", "take", "action", "base", "x"])


@settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    st.text(max_size=40)
    | anything.map(json.dumps)
    | st.tuples(kinds, st.dictionaries(names, anything)).map(
        lambda both: json.dumps({**both[1], "type": both[0]})
    )
)
def test_nothing_that_a_window_says_closes_a_socket(client: TestClient, text: str) -> None:
    with client.websocket_connect("ws://127.0.0.1:7860/live") as socket:
        socket.send_text(text)
        socket.send_bytes(text.encode("utf-8", "replace"))
        assert is_still_open(socket)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "command"},
        {"type": "command", "name": "stop"},
        {"type": "command", "name": "status"},
        {"type": "command", "name": "status", "fields": 5},
        {"type": "command", "name": []},
        {"type": "control"},
        {"type": "roll_out"},
        {"type": "roll_out", "adapter": "", "base": "b", "instruction": "i"},
        {"type": "label"},
        {**LABEL, "take": 5},
        {**LABEL, "take": "../one"},
        {**LABEL, "take": "a\0b"},
        {**LABEL, "action": []},
        {**LABEL, "action": "dance"},
        {**LABEL, "action": "click"},
        {**LABEL, "action": "lock", "places": [{"camera": "front", "frame": float("inf")}]},
        {**LABEL, "action": "undo", "base_revision": float("inf")},
    ],
)
@pytest.mark.parametrize("number", [None, 7])
def test_what_fails_is_answered_with_and_without_an_id(
    socket: WebSocketTestSession, message: dict[str, Any], number: int | None
) -> None:
    socket.send_text(json.dumps({**message, "id": number}))
    answer = reply(socket)
    assert (answer["id"], answer["ok"]) == (number, False)
    assert answer["error"]
    assert is_open(socket)


def test_an_error_that_nobody_foresaw_is_answered_and_logged(
    socket: WebSocketTestSession, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("teachloop.app.web.labeler_proxy.LabelerProxy.ask", fail)
    socket.send_text(json.dumps({**LABEL, "id": 1}))
    assert "failed to do 'label': RuntimeError: the disk is on fire" in reply(socket)["error"]
    assert "Traceback" in caplog.text


def test_a_heartbeat_and_held_keys_of_who_only_looks_are_passed_over(
    socket: WebSocketTestSession,
) -> None:
    socket.send_text('{"type": "beat"}')
    socket.send_text('{"type": "twist", "linear": [0, 0.1, 0], "angular": [0, 0, 0]}')
    socket.send_bytes(b"\x09\x09\x09")
    assert is_open(socket)
