"""The whole examination, as a command."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from teachloop.app.doctor.devices import network


def examined(data: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """Exit code, and what was found by its name."""
    command = [sys.executable, "-m", "teachloop.app.cli", "doctor", "--json", "--data", str(data)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    return done.returncode, {each["what"]: each for each in json.loads(done.stdout)}


def test_a_station_that_works_is_ready(tmp_path: Path) -> None:
    code, found = examined(tmp_path, "--source", "synthetic")
    assert code == 0
    assert found["synthetic"]["verdict"] == "good"
    assert "frames of wrist" in found["synthetic"]["text"]
    assert found["base panda-tabletop"]["verdict"] == "good"


def test_what_is_not_there_is_said_and_is_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "station.yaml"
    (tmp_path / "bases.json").write_text(json.dumps(["lab/openvla-7b-of-ours"]))
    robot = {"driver": "no.such.module:Robot", "settings": {"address": "robot.invalid"}}
    file.write_text(f"robot: {robot}\ncameras: {{front: {{driver: synthetic}}}}\n")
    code, found = examined(tmp_path)
    assert code == 1
    assert found["synthetic"]["verdict"] == "good"
    assert "no.such.module" in found["robot"]["text"]
    assert "robot.invalid" in found["network"]["text"]
    assert found["network"]["verdict"] == "bad"
    missing = found["base lab/openvla-7b-of-ours"]
    assert missing["verdict"] == "note"
    assert "hf download lab/openvla-7b-of-ours" in missing["remedy"]


def test_whoever_refuses_has_answered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        assert "ms there and back" in network("127.0.0.1", port).text
    assert "ms there and back" in network("127.0.0.1", port).text
