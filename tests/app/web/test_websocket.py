"""Whatever a window says is answered in words or passed over; its socket stays open."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import draw_take
from starlette.testclient import TestClient, WebSocketTestSession

from teachloop.app.web.server import Site, build
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
        '{"type": null, "id": 1}',
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
    assert "No message" in answer["error"] or "A message is a JSON map" in answer["error"]
    assert is_open(socket)


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
        {**LABEL, "action": "lock", "camera": "front", "frame": float("inf"), "locked": True},
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
    assert "failed to do 'label': RuntimeError('the disk is on fire')" in reply(socket)["error"]
    assert "Traceback" in caplog.text


def test_a_heartbeat_and_held_keys_of_who_only_looks_are_passed_over(
    socket: WebSocketTestSession,
) -> None:
    socket.send_text('{"type": "beat"}')
    socket.send_text('{"type": "twist", "linear": [1e400], "angular": "x"}')
    socket.send_bytes(b"\x09\x09\x09")
    assert is_open(socket)
