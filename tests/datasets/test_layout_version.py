"""A data folder of an older version is brought up to date, with a copy put aside; one of a newer
version is left alone."""

import json
from pathlib import Path

import pytest
from numbered_takes import NumberedTake, numbered_take

from teachloop.app.cli.main import run
from teachloop.datasets.labels.edits import SetSuccess
from teachloop.datasets.layout_version import (
    BACKUPS,
    CURRENT,
    LAYOUT,
    NewerLayout,
    begin,
    bring_up_to_date,
    version_of,
)
from teachloop.runtime.json_file import BrokenJson

LABELS = "takes/one/labels/edits.jsonl"


class Stopped(Exception):
    """The power went."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    numbered_take(tmp_path, "one", NumberedTake(ticks=3), SetSuccess(True))
    (tmp_path / "tasks.json").write_text("{}")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "large.bin").write_bytes(b"1" * 100)
    return tmp_path


def appends(word: str):
    """A migration that adds a word to the tasks' file, once."""

    def change(data: Path) -> None:
        text = (data / "tasks.json").read_text()
        if word not in text:
            (data / "tasks.json").write_text(text + word)

    return change


def test_a_folder_of_this_version_says_so_and_stays_as_it_is(data: Path) -> None:
    before = {*data.rglob("*")}
    assert bring_up_to_date(data) is None
    assert version_of(data) == CURRENT
    assert {*data.rglob("*")} - before == {data / LAYOUT}


def test_a_new_folder_is_of_the_current_version_and_is_not_changed_later(tmp_path: Path) -> None:
    steps = {1: appends("second")}
    assert bring_up_to_date(tmp_path, steps, 2) is None
    (tmp_path / "tasks.json").write_text("{}")
    assert bring_up_to_date(tmp_path, steps, 2) is None
    assert (tmp_path / "tasks.json").read_text() == "{}"


def test_one_that_is_begun_says_its_version(tmp_path: Path) -> None:
    begin(tmp_path / "new" / "data")
    assert json.loads((tmp_path / "new" / "data" / LAYOUT).read_text()) == {"version": CURRENT}
    begin(tmp_path / "new" / "data")
    (tmp_path / "file").write_text("")
    begin(tmp_path / "file" / "data")
    assert not (tmp_path / "file" / "data").exists()


def test_each_step_is_made_in_order_and_what_was_there_lies_aside(data: Path) -> None:
    steps = {1: appends("second"), 2: appends("third")}
    backup = bring_up_to_date(data, steps, 3)
    assert (data / "tasks.json").read_text() == "{}secondthird"
    assert version_of(data) == 3
    assert backup is not None
    assert (backup / "tasks.json").read_text() == "{}"
    assert (backup / LABELS).read_bytes() == (data / LABELS).read_bytes()
    assert (backup / "takes/one/take.h5").samefile(data / "takes/one/take.h5")
    assert not (backup / "exports").exists()
    assert bring_up_to_date(data, steps, 3) is None
    assert (data / "tasks.json").read_text() == "{}secondthird"


def test_what_was_interrupted_goes_on_with_the_first_copy(data: Path) -> None:
    def stops(data: Path) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        bring_up_to_date(data, {1: appends("second"), 2: stops}, 3)
    assert version_of(data) == 2
    backup = bring_up_to_date(data, {2: appends("third")}, 3)
    assert (data / "tasks.json").read_text() == "{}secondthird"
    assert (data / BACKUPS / "layout-1" / "tasks.json").read_text() == "{}"
    assert backup == data / BACKUPS / "layout-2"


def test_a_newer_one_is_refused_by_every_command_and_left_alone(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / LAYOUT).write_text(json.dumps({"version": 7}))
    with pytest.raises(NewerLayout, match="version 7"):
        bring_up_to_date(data)
    command = ["export-takes", str(data / "out"), "--data", str(data), "--format", "mcap"]
    assert run(command) == 1
    assert "newer teachloop (version 7; this one knows 1)" in capsys.readouterr().err
    assert not (data / BACKUPS).exists()
    assert not (data / "out").exists()


def test_a_damaged_number_is_told(data: Path) -> None:
    (data / LAYOUT).write_text("{")
    with pytest.raises(BrokenJson, match=LAYOUT):
        bring_up_to_date(data)
