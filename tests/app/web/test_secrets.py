"""What is secret stays out of logs, of what is shown, and of the processes that are started."""

import logging
import os
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from teachloop.app.cli.serve import Serve
from teachloop.app.cli.serve_policy import ServePolicy
from teachloop.app.web.application import Site, build
from teachloop.app.web.server import secret
from teachloop.app.web.station_process import StationProcess
from teachloop.runtime.access import Access

HOME = "http://127.0.0.1:7860"
PASSWORD, WRONG = "pw-right-one", "pw-wrong-one"


def test_no_password_and_no_session_gets_into_a_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    app = build(Site(tmp_path, Access(password=PASSWORD), StationProcess(tmp_path)))
    with TestClient(app, base_url=HOME, follow_redirects=False) as client:
        client.post("/login", data={"password": WRONG})
        client.post("/login", data={"password": PASSWORD})
        sessions = list(client.cookies.values())
        client.get("/api/takes/unknown")
        client.post("/api/jobs", json={"kind": PASSWORD})
        with client.websocket_connect("ws://127.0.0.1:7860/live") as socket:
            socket.send_text("no message")
            socket.send_json({"type": "label", "take": "x", "action": "read", "id": 1})
        client.get("/logout")
    said = caplog.text + "".join(capfd.readouterr())
    written = [path.read_text(errors="replace") for path in tmp_path.rglob("*.txt")]
    assert len(sessions) == 2
    for hidden in (WRONG, PASSWORD, *sessions):
        assert hidden not in said
        assert not any(hidden in text for text in written)


def test_processes_that_are_started_inherit_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for given in ("", "by option"):
        monkeypatch.setenv("TEACHLOOP_PASSWORD", PASSWORD)
        assert secret(given, "TEACHLOOP_PASSWORD") == (given or PASSWORD)
        assert "TEACHLOOP_PASSWORD" not in os.environ
    assert secret("", "TEACHLOOP_PASSWORD") is None


def test_a_command_that_is_shown_shows_no_password() -> None:
    serve = Serve(password=PASSWORD, label_password="pw-label", look_password="pw-look")
    assert "pw-" not in repr(serve)
    assert "pw-" not in repr(ServePolicy(password=PASSWORD))
