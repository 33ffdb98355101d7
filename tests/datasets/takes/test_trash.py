"""One bin: a mark on a take that stays where it is. What earlier versions moved comes back."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from teachloop.datasets.errors import LabelsUnreadable
from teachloop.datasets.labels.edits import SetDeleted, SetSuccess
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.recover import recover
from teachloop.datasets.takes.take_folder import PARTIAL
from teachloop.datasets.takes.trash import bring_back, in_bin, put_in_bin, take_out_of_bin

BRING_BACK = """
import os, pathlib, signal, sys
from teachloop.datasets.takes import trash
for module, name in [each.split(".") for each in sys.argv[2:]]:
    setattr(globals()[module], name, lambda *given: os.kill(os.getpid(), signal.SIGKILL))
trash.bring_back(pathlib.Path(sys.argv[1]))
"""


@pytest.fixture
def data(recording) -> Path:
    return recording.takes.parent


def move_to_the_old_bin(folder: Path) -> Path:
    """As earlier versions discarded a take."""
    old = folder.parent.parent / "bin" / "takes" / folder.name
    old.parent.mkdir(parents=True, exist_ok=True)
    return folder.rename(old)


def test_bin_is_a_mark_that_can_be_taken_back(recording) -> None:
    folder = recording.take(2).parent
    stale = Labels.open(folder)
    put_in_bin(folder, "Ada")
    put_in_bin(folder, "Ada")
    assert stale.refresh().deleted
    take_out_of_bin(folder, "Ada")
    assert not stale.refresh().deleted
    assert stale.revision == 2


def test_a_damaged_take_goes_to_the_bin_and_comes_back(recording, data: Path) -> None:
    path = recording.take(2)
    path.write_bytes(path.read_bytes()[:-100])
    put_in_bin(path.parent, "Ada")
    assert in_bin(path.parent)
    assert check(data) == [], "who threw it away knows"
    assert check(path.parent) != [], "who asks for it hears"
    take_out_of_bin(path.parent, "Ada")
    assert "cut short" in str(check(data))


def test_a_take_whose_labels_cannot_be_read_stays_put_and_says_why(recording, data: Path) -> None:
    folder = recording.take(2).parent
    (folder / "labels" / "edits.jsonl").mkdir(parents=True)
    with pytest.raises(LabelsUnreadable):
        put_in_bin(folder, "Ada")
    assert not in_bin(folder)


def test_a_take_of_the_old_bin_comes_back_once_with_what_was_said(recording, data: Path) -> None:
    folder = recording.take(2).parent
    Labels.open(folder).apply([SetSuccess(False)], 0, "Ada")
    move_to_the_old_bin(folder)
    (done,) = bring_back(data)
    assert str(done) == "takes: 1 came back from the bin of an earlier version, marked as deleted"
    said = Labels.open(folder).snapshot
    assert (said.deleted, said.success, said.revision) == (True, False, 2)
    take_out_of_bin(folder, "Ada")
    assert bring_back(data) == []
    assert not in_bin(folder)
    Take.open(folder).close()


@pytest.mark.parametrize(
    ("step", "marked"),
    [
        ("trash.put_in_bin", False),
        ("os.pwrite", False),
        ("os.rename", True),
        ("trash.sync_folder", True),
    ],
)
def test_a_kill_between_the_steps_leaves_the_take_in_a_bin(
    recording, data: Path, step: str, marked: bool
) -> None:
    folder = recording.take(2).parent
    old = move_to_the_old_bin(folder)
    killed = subprocess.run([sys.executable, "-c", BRING_BACK, str(data), step])
    assert killed.returncode == -signal.SIGKILL
    (lies,) = [place for place in (old, folder) if place.is_dir()]
    assert in_bin(lies) == marked
    assert marked or lies == old
    bring_back(data)
    assert Labels.open(folder).history()[0].edits == (SetDeleted(True),)
    assert (Labels.open(folder).revision, old.exists()) == (1, False)


def test_a_name_that_is_there_already_stays_where_it_is(recording, data: Path) -> None:
    folder = recording.take(2).parent
    old = move_to_the_old_bin(folder)
    folder.mkdir()
    (done,) = bring_back(data)
    assert f"{folder} is there already" in done.what
    assert list(folder.iterdir()) == []
    assert sorted(path.name for path in old.iterdir()) == ["take.h5"]
    folder.rmdir()
    bring_back(data)
    assert in_bin(folder)


def test_a_take_of_the_old_bin_whose_labels_cannot_be_read_stays_there(
    recording, data: Path
) -> None:
    folders = [recording.take(1).parent for _ in range(2)]
    first, second = map(move_to_the_old_bin, folders)
    (first / "labels" / "edits.jsonl").mkdir(parents=True)
    came, stays = bring_back(data)
    assert came.what.startswith("1 came back")
    assert "cannot be read" in stays.what
    assert (stays.folder, first.is_dir()) == (first, True)
    assert in_bin(data / "takes" / second.name)


def test_what_a_kill_left_in_the_old_bin_can_be_recovered(recording, data: Path) -> None:
    path = recording.take(2)
    path.rename(path.with_name(PARTIAL))
    move_to_the_old_bin(path.parent)
    bring_back(data)
    assert in_bin(path.parent)
    recover(recording.takes)
    Take.open(path).close()
    assert in_bin(path.parent)


def test_two_processes_bring_each_take_back_once(recording, data: Path) -> None:
    folders = [recording.take(1).parent for _ in range(5)]
    for folder in folders:
        move_to_the_old_bin(folder)
    children = [subprocess.Popen([sys.executable, "-c", BRING_BACK, str(data)]) for _ in range(2)]
    assert [child.wait(60) for child in children] == [0, 0]
    assert [Labels.open(folder).revision for folder in folders] == [1] * 5
    assert list((data / "bin" / "takes").iterdir()) == []


def test_a_file_where_the_takes_should_be_keeps_the_old_bin_as_it_is(recording, data: Path) -> None:
    old = move_to_the_old_bin(recording.take(2).parent)
    recording.takes.rmdir()
    recording.takes.write_text("not a folder")
    (said,) = bring_back(data)
    assert "stays where it is" in str(said)
    assert (old / "take.h5").is_file()
