"""The bin emptied from the command line."""

import os
from pathlib import Path

import pytest
from numbered_takes import NumberedTake, numbered_take

from teachloop.app.cli.main import run
from teachloop.datasets.labels.edits import SetDeleted

HOW = NumberedTake(ticks=3)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    numbered_take(tmp_path, "kept", HOW)
    for name in ("one", "two"):
        numbered_take(tmp_path, name, HOW, SetDeleted(True))
    return tmp_path


def empty(data: Path, *options: str) -> int:
    return run(["empty-bin", "--data", str(data), *options])


def names(data: Path) -> list[str]:
    return sorted(os.listdir(data / "takes"))


def test_it_is_said_first_what_would_go(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert empty(data) == 0
    assert "2 takes of 0 MB would go for good: add --yes." in capsys.readouterr().out
    assert names(data) == ["kept", "one", "two"]


def test_the_bin_is_emptied_once(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert empty(data, "--older-than-days", "1", "--yes") == 0
    assert "nothing to remove" in capsys.readouterr().out
    assert empty(data, "--yes") == 0
    assert "2 takes removed" in capsys.readouterr().out
    assert names(data) == ["kept"]


def test_what_is_named_and_not_in_the_bin_stays(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert empty(data, "kept", "one") == 0
    assert "1 take of 0 MB would go for good" in capsys.readouterr().out
    assert empty(data, "kept", "one", "--yes") == 1
    out = capsys.readouterr().out
    assert "Take kept stays: it is not in the bin." in out
    assert "1 take removed" in out
    assert names(data) == ["kept", "two"]


def test_what_makes_no_sense_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert empty(data, "nine") == 1
    assert "There is no take 'nine'." in capsys.readouterr().err
    assert empty(data, "--older-than-days", "-1") == 2
    assert run(["empty-bin", "--data", str(data / "nowhere")]) == 1
    assert names(data) == ["kept", "one", "two"]
