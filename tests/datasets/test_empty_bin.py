"""What is in the bin goes for good, and nothing else does."""

import os
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets.catalog import Catalog
from teachloop.datasets.empty_bin import binned, days_in_bin, empty_bin
from teachloop.datasets.errors import LabelsUnreadable, RemovalRefused
from teachloop.datasets.labels.edit_log import EditLog
from teachloop.datasets.labels.edits import SetDeleted, SetNote
from teachloop.datasets.labels.labels import LOG, Labels
from teachloop.datasets.takes.computed import computed_folder
from teachloop.datasets.takes.removal import NOT_BINNED, remove_take
from teachloop.datasets.takes.staging import remove_left
from teachloop.datasets.takes.take_folder import LABELS, TAKES
from teachloop.datasets.takes.trash import put_in_bin, take_out_of_bin

HOW = NumberedTake(ticks=3)


class Stopped(Exception):
    """Somebody ended it."""


def quiet(message: str, share: float) -> None:
    """Nobody waits."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    numbered_take(tmp_path, "kept", HOW)
    numbered_take(tmp_path, "old", HOW, SetDeleted(True), SetNote("bad"))
    numbered_take(tmp_path, "new", HOW, SetDeleted(True))
    return tmp_path


def names(data: Path) -> list[str]:
    return sorted(os.listdir(data / TAKES))


def test_the_bin_is_emptied_and_says_what_it_freed(data: Path) -> None:
    with Catalog(data) as catalog:
        catalog.refresh()
        assert {row.take_id for row in catalog.takes(deleted=None)} == {"kept", "old", "new"}
    files = [path for name in ("old", "new") for path in (data / TAKES / name).rglob("*")]
    held = sum(path.stat().st_size for path in files if path.is_file())
    done = empty_bin(binned(data), quiet)
    assert (done.takes, done.bytes, done.left_out) == (2, held, {})
    assert names(data) == ["kept"]
    with Catalog(data) as catalog:
        catalog.refresh()
        assert [row.take_id for row in catalog.takes(deleted=None)] == ["kept"]


def test_what_was_computed_of_it_goes_with_it(data: Path) -> None:
    computed = computed_folder(data / TAKES / "old")
    computed.mkdir(parents=True)
    (computed / "seen").write_bytes(b"1")
    remove_take(data / TAKES / "old")
    assert not computed.exists()


def test_what_is_not_in_the_bin_stays(data: Path) -> None:
    listed = binned(data)
    take_out_of_bin(data / TAKES / "old", "Ada")
    done = empty_bin(listed, quiet)
    assert names(data) == ["kept", "old"]
    assert done.left_out == {"old": str(RemovalRefused("old", NOT_BINNED))}
    with pytest.raises(RemovalRefused, match="Take kept stays: it is not in the bin"):
        remove_take(data / TAKES / "kept")


def test_labels_that_nobody_can_read_remove_nothing(data: Path) -> None:
    (data / TAKES / "old" / LABELS / "edits.jsonl").write_text("{\n{\n")
    with pytest.raises(RemovalRefused, match=r"Take old stays: .*edits\.jsonl"):
        remove_take(data / TAKES / "old")
    assert names(data) == ["kept", "new", "old"]


def test_what_is_said_of_it_afterwards_makes_no_folder(data: Path) -> None:
    """As by a labeler that still has the take open."""
    labels = Labels.open(data / TAKES / "old")
    remove_take(data / TAKES / "old")
    with pytest.raises(LabelsUnreadable):
        labels.add([SetNote("too late")], "Ada")
    assert names(data) == ["kept", "new"]


def test_whoever_stops_it_keeps_the_rest(data: Path) -> None:
    def stop(message: str, share: float) -> None:
        if share > 0:
            raise Stopped

    with pytest.raises(Stopped):
        empty_bin(binned(data), stop)
    assert len(names(data)) == 2


def test_what_a_kill_left_is_removed_with_what_others_left(data: Path) -> None:
    """As if the process had ended between the two steps of a removal."""
    os.rename(data / TAKES / "old", data / TAKES / ".removed-old")
    assert [folder.name for folder in binned(data)] == ["new"]
    remove_left(data / TAKES)
    assert names(data) == ["kept", "new"]


def test_a_rule_counts_the_days_since_the_last_time(data: Path) -> None:
    said_days_ago(data / TAKES / "old", 400)
    said_days_ago(data / TAKES / "new", 40)
    assert days_in_bin(data / TAKES / "kept") == -1.0
    assert {folder.name for folder in binned(data, 30)} == {"old", "new"}
    assert [folder.name for folder in binned(data, 50)] == ["old"]
    take_out_of_bin(data / TAKES / "old", "Ada")
    put_in_bin(data / TAKES / "old", "Ada")
    assert 0 <= days_in_bin(data / TAKES / "old") < 0.01
    assert [folder.name for folder in binned(data, 30)] == ["new"]


def said_days_ago(take_folder: Path, days: int) -> None:
    """As if all that was said of a take had been said then."""
    log = EditLog(take_folder / LABELS / LOG)
    time = (datetime.now(timezone.utc) - timedelta(days=days)).isoformat()
    lines = [replace(entry, time=time).to_line() for entry, _ in log.entries()]
    log.path.write_bytes(b"".join(lines))
