"""The simulated control box's web interface."""

import ssl
import tempfile
from pathlib import Path

import pytest

from teachloop.simulation.controller.desk import Box, Desk, DeskPlace, DeskServer

PORT = 8444


def test_it_answers_with_a_certificate_that_lies_in_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    desk = Desk(Box(brake=lambda _locked: None, admit=lambda _clients: None))
    server = DeskServer(desk, "127.0.0.1", DeskPlace(port=PORT))
    server.start()
    try:
        certificate = ssl.get_server_certificate(("127.0.0.1", PORT), timeout=10.0)
        assert "BEGIN CERTIFICATE" in certificate
        assert not list(tmp_path.iterdir()), "so that none is left where its process is killed"
    finally:
        server.close()
