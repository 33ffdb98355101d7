"""An import makes a take of each episode, once; one that ends early leaves whole takes alone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fuzzing.saved_demo import PLACE, save_demo

from teachloop.datasets.errors import DiskFull
from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.pictures import NoSuchSet
from teachloop.datasets.formats.take_import import ImportedTakes, import_takes
from teachloop.datasets.labels.edits import SetDeleted
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.recover import recover
from teachloop.datasets.takes.staging import remove_left, staging
from teachloop.datasets.takes.take_folder import take_folders

EPISODES = [PLACE.with_name(f"episode{number}") for number in (0, 1, 2)]


class Stopped(Exception):
    """Somebody ended the import."""


def imported(data: Path, source: Path, stop_at: float = 2.0) -> ImportedTakes:
    """``stop_at``: the share at which somebody ends it."""

    def tell(message: str, share: float) -> None:
        if share >= stop_at:
            raise Stopped

    return import_takes(data, source, ImportOptions(), tell)


@pytest.fixture
def demos(tmp_path: Path) -> Path:
    for number, place in enumerate(EPISODES):
        folder = save_demo(tmp_path / "set", place)
        pictures = folder / "front_rgb"
        for other in range(number):  # or all three were the same episode
            (pictures / f"{other}.png").write_bytes((pictures / "11.png").read_bytes())
    return tmp_path / "set"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def names(data: Path) -> list[str]:
    return [folder.name for folder in take_folders(data / "takes")]


def left(data: Path) -> list[str]:
    """What lies beside the takes."""
    return sorted({*os.listdir(data / "takes")} - {*names(data)})


def test_what_was_imported_is_not_imported_again(data: Path, demos: Path) -> None:
    first = imported(data, demos)
    assert len(first.takes) == 3
    again = imported(data, demos)
    assert again.takes == []
    assert again.there == dict(zip(map(str, EPISODES), first.takes, strict=True))
    Labels.open(data / "takes" / first.takes[0]).apply([SetDeleted(True)], 1, "Ada")
    assert imported(data, demos).takes == []
    assert imported(data, demos / PLACE).takes == []


def test_the_same_content_at_another_place_is_not_imported_twice(
    data: Path, tmp_path: Path
) -> None:
    save_demo(tmp_path / "one")
    save_demo(tmp_path / "two", PLACE.with_name("episode7"))
    assert len(imported(data, tmp_path / "one").takes) == 1
    assert imported(data, tmp_path / "two").takes == []


def test_an_episode_that_is_refused_costs_no_other(data: Path, demos: Path) -> None:
    (demos / EPISODES[1] / "low_dim_obs.pkl").write_bytes(b"cposix\nsystem\n.")
    (demos / EPISODES[2] / "front_rgb" / "7.png").write_bytes(b"no picture")
    done = imported(data, demos)
    assert len(done.takes) == 1
    assert "posix.system" in done.left_out[str(EPISODES[1])]
    assert "front_rgb/7.png" in done.left_out[str(EPISODES[2])]
    assert names(data) == done.takes
    assert left(data) == []


def test_who_ends_it_keeps_whole_takes_and_goes_on_with_the_others(data: Path, demos: Path) -> None:
    with pytest.raises(Stopped):
        imported(data, demos, stop_at=0.5)
    assert len(names(data)) == 1
    assert left(data) == []
    assert len(imported(data, demos).takes) == 2
    assert check(data) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.take_import import import_takes

def tell(message, share):
    if share > 0.5:
        os.kill(os.getpid(), signal.SIGKILL)

import_takes(Path(sys.argv[1]), Path(sys.argv[2]), ImportOptions(), tell)
"""


def test_a_take_that_was_being_written_when_it_was_killed_is_not_there(
    data: Path, demos: Path
) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(data), str(demos)])
    assert ended.returncode == -signal.SIGKILL
    assert len(names(data)) == 1
    recover(data / "takes")
    assert len(names(data)) == 1
    assert any(name.startswith(".import-") for name in left(data))
    remove_left(data / "takes")
    assert left(data) == []
    assert len(imported(data, demos).takes) == 2
    assert left(data) == []
    assert check(data) == []


def test_a_full_disk_ends_it_in_words_and_leaves_nothing(
    data: Path, demos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path, size: int = 0) -> None:
        raise DiskFull(folder, 1, 2)

    monkeypatch.setattr("teachloop.datasets.takes.writer.require_room", full)
    with pytest.raises(DiskFull):
        imported(data, demos)
    assert (names(data), left(data)) == ([], [])


def test_another_import_is_left_alone(data: Path, demos: Path) -> None:
    with staging(data) as busy:
        (busy / "x").mkdir()
        with staging(data.parent / "other"):
            pass
        command = [sys.executable, "-c", KILLED.replace("0.5", "5"), str(data), str(demos)]
        subprocess.run(command, check=True)
        assert (busy / "x").is_dir()
    assert len(names(data)) == 3


@pytest.mark.parametrize("place", ["nowhere", "set/pick_up_cup/variation0/nothing", "empty"])
def test_a_place_without_a_set_is_refused_in_words(
    data: Path, demos: Path, tmp_path: Path, place: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoSuchSet, match=r"no folder|low_dim_obs"):
        imported(data, tmp_path / place)
