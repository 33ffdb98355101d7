"""Cameras checked from the command line, by the pictures of takes."""

from pathlib import Path

import pytest
from numbered_takes import NumberedTake, numbered_take
from simulated_takes import record, scene_of

from teachloop.app.cli.main import run
from teachloop.simulation.views import USUAL


def check(data: Path, *takes: str) -> int:
    return run(["check-cameras", *takes, "--data", str(data)])


def test_each_camera_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(tmp_path / "takes" / "20260101-000000-0001", scene_of("put", 1))
    assert check(tmp_path) == 0
    said = capsys.readouterr().out
    assert "20260101-000000-0001: front stands where it was calibrated." in said
    for camera in USUAL:
        assert f"{camera}: its pictures come " in said
    assert "by 1 take." in said


def test_what_cannot_be_told_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path) == 0
    assert "There are no takes." in capsys.readouterr().out
    numbered_take(tmp_path, "still", NumberedTake(ticks=3))
    assert check(tmp_path, "still") == 0
    said = capsys.readouterr().out
    assert "still: of no camera can it be told." in said
    assert "no take shows the arm moving clearly enough" in said
    assert check(tmp_path, "away") == 1
    assert "away" in capsys.readouterr().err
