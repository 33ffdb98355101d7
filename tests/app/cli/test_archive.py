"""Takes archived from the command line."""

from pathlib import Path

import pytest
from numbered_takes import NumberedTake, numbered_take

from teachloop.app.cli.main import run
from teachloop.datasets.labels.edits import SetDeleted
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.take_folder import TAKE


@pytest.fixture
def data(tmp_path: Path) -> Path:
    how = NumberedTake(ticks=12)
    numbered_take(tmp_path / "data", "one", how)
    numbered_take(tmp_path / "data", "two", how)
    numbered_take(tmp_path / "data", "binned", how, SetDeleted(True))
    return tmp_path / "data"


def archived(data: Path) -> set[str]:
    found = set()
    for folder in (data / "takes").iterdir():
        with Take.open(folder) as take:
            if take.info.video is not None:
                found.add(folder.name)
    return found


def test_it_is_said_first_what_would_be_done(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["archive", "--data", str(data)]) == 0
    assert "2 takes of" in capsys.readouterr().out
    assert archived(data) == set()


def test_all_but_those_in_the_bin_are_archived_once(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    size = (data / "takes" / "one" / TAKE).stat().st_size
    assert run(["archive", "--data", str(data), "--yes"]) == 0
    assert "2 takes archived" in capsys.readouterr().out
    assert archived(data) == {"one", "two"}
    assert (data / "takes" / "one" / TAKE).stat().st_size < size
    assert run(["archive", "--data", str(data), "--yes"]) == 0
    assert "nothing to archive" in capsys.readouterr().out


def test_takes_are_named_or_as_old_as_asked(data: Path) -> None:
    assert run(["archive", "two", "--data", str(data), "--yes"]) == 0
    assert archived(data) == {"two"}
    assert run(["archive", "--older-than-days", "40000", "--data", str(data), "--yes"]) == 0
    assert archived(data) == {"two"}


def test_what_is_named_and_stays_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "takes" / "empty").mkdir()
    assert run(["archive", "one", "one", "--data", str(data), "--yes"]) == 0
    asked = ["archive", "one", "binned", "empty", "--data", str(data)]
    assert run(asked) == 0
    assert "3 takes of" in capsys.readouterr().out
    assert run([*asked, "--yes"]) == 1
    said = capsys.readouterr().out
    for take, why in {
        "one": "archived already",
        "binned": "in the bin",
        "empty": "No take",
    }.items():
        assert f"left out: {take}: " in said
        assert why in said


def test_a_take_of_which_nobody_knows_the_age_is_young(data: Path) -> None:
    how = NumberedTake(ticks=12, fields={"created": "yesterday"})
    numbered_take(data, "undated", how)
    assert run(["archive", "--older-than-days", "1", "--data", str(data), "--yes"]) == 0
    assert "undated" not in archived(data)
    assert run(["archive", "--older-than-days", "999999999", "--data", str(data), "--yes"]) == 0
    assert run(["archive", "--data", str(data), "--yes"]) == 0
    assert "undated" in archived(data)


def test_a_damaged_take_is_left_out_and_the_others_are_archived(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data / "takes" / "one" / TAKE
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert run(["archive", "--data", str(data), "--yes"]) == 0
    said = capsys.readouterr().out
    assert "left out" in said
    assert "checksum" in said
    assert path.read_bytes() == content


def test_what_is_not_there_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "nine", "--data", str(data)]) == 1
    assert "no take 'nine'" in capsys.readouterr().err
    assert run(["archive", "--older-than-days", "-1", "--data", str(data)]) == 2
    assert "--older-than-days is -1" in capsys.readouterr().err
    assert run(["archive", "--data", str(data / "nowhere")]) == 1
    assert "no such data folder" in capsys.readouterr().err
