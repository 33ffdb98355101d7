"""Takes of others come in by one command, which says what came of each episode."""

from pathlib import Path

import pytest
from fuzzing.robosuite_file import WORDS, write_file
from fuzzing.saved_demo import CUP, PLACE, save_demo

from teachloop.app.cli.main import parse
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.take_folder import take_folders


def test_a_command_imports_and_names_what_it_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_demo(tmp_path / "set")
    broken = save_demo(tmp_path / "set", PLACE.with_name("episode1"))
    (broken / "low_dim_obs.pkl").write_bytes(b"cposix\nsystem\n.")
    data = tmp_path / "data"
    command = parse(
        ["import-takes", str(tmp_path / "set"), "--handles", str(CUP), "cup", "--data", str(data)]
    )
    assert command.run() == 0
    said = capsys.readouterr().out
    (take,) = take_folders(data / "takes")
    assert f"1 take of format rlbench:\n{take.name}" in said
    assert f"left out: {PLACE.with_name('episode1')}" in said
    assert Labels.open(take).snapshot.targets == ("cup",)
    assert command.run() == 0
    assert f"there already: {PLACE}, take {take.name}" in capsys.readouterr().out


def test_a_file_of_robomimic_is_known_and_a_filter_key_chooses_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, data = write_file(tmp_path / "lift.hdf5", demos=3), tmp_path / "data"
    command = parse(["import-takes", str(source), "--filter-key", "train", "--data", str(data)])
    assert command.run() == 0
    assert "2 takes of format robomimic:" in capsys.readouterr().out
    rows = [Labels.open(take).snapshot for take in take_folders(data / "takes")]
    assert [row.success for row in rows] == [True, True]
    with Take.open(take_folders(data / "takes")[0]) as take:
        assert take.info.instruction == WORDS
