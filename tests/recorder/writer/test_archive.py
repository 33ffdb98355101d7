from pathlib import Path

import pytest

from teachloop.datasets.errors import LabelsUnreadable, NoSuchTake, NotInBin, TakeMissing
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.removal import remove_take
from teachloop.datasets.takes.staging import staging
from teachloop.datasets.takes.trash import in_bin, put_in_bin, take_out_of_bin
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.recorder.writer.archive import RECENT, Archive
from teachloop.recorder.writer.messages import Ending
from teachloop.runtime.ids import BadName


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    archive.open()
    return archive


def record(archive: Archive, *, keep: bool = True) -> str:
    folder = archive.new_folder()
    info = TakeInfo(
        take_id=folder.name,
        created="2026-11-22T15:43:12+00:00",
        created_time_ns=0,
        instruction="push it",
        cameras={},
    )
    with TakeWriter(folder, info) as writer:
        writer.finish()
    if keep:
        archive.keep(folder.name, Ending(success=None))
    return folder.name


def recent(archive: Archive) -> list[str]:
    return [each.id for each in archive.newest().recent]


def test_a_new_take_never_has_the_name_of_one_in_the_bin(archive: Archive) -> None:
    names = set()
    for _ in range(5):  # within the same second, most of them
        folder = archive.new_folder()
        names.add(folder.name)
        archive.discard(folder.name)
    assert len(names) == 5
    assert archive.newest().binned == sorted(names)
    assert recent(archive) == []


def test_a_discarded_take_stays_where_it_is_marked_and_comes_back(archive: Archive) -> None:
    kept, discarded = record(archive), record(archive, keep=False)
    archive.discard(discarded)
    assert in_bin(archive.takes / discarded)
    assert (recent(archive), archive.newest().binned) == ([kept], [discarded])
    archive.restore(discarded)
    assert not in_bin(archive.takes / discarded)
    assert (recent(archive), archive.newest().binned) == ([kept, discarded], [])
    assert Labels.open(archive.takes / discarded).history()[0].author == "station"


def test_what_is_not_in_the_bin_does_not_come_back(archive: Archive) -> None:
    take = record(archive)
    with pytest.raises(NotInBin, match=f"{take} is not in the bin"):
        archive.restore(take)


def test_a_damaged_take_can_be_discarded_and_restored(archive: Archive) -> None:
    take = record(archive)
    (archive.takes / take / "take.h5").write_bytes(b"nothing of ours")
    archive.discard(take)
    assert (recent(archive), archive.newest().binned) == ([], [take])
    archive.restore(take)
    again = Archive(archive.data)
    again.open()
    assert [each.id for each in again.newest().recent] == [take]
    assert "is not a take" in again.newest().recent[0].damaged


def test_a_take_whose_labels_cannot_be_read_is_listed_and_stays(archive: Archive) -> None:
    take = record(archive, keep=False)
    (archive.takes / take / "labels" / "edits.jsonl").mkdir(parents=True)
    with pytest.raises(LabelsUnreadable):
        archive.discard(take)
    assert recent(archive) == [take]
    assert "cannot be read" in archive.newest().recent[0].damaged


def test_the_newest_takes_are_listed_however_many_lie_in_the_bin(archive: Archive) -> None:
    names = [record(archive) for _ in range(2 * RECENT + 3)]
    for name in names[2::2]:
        archive.discard(name)
    again = Archive(archive.data)
    again.open()
    for each in (archive, again):
        kept = [names[0], *names[1::2]]
        assert recent(each) == kept[-RECENT:]
        assert each.newest().binned == [name for name in names[2::2] if name > kept[-RECENT]]


def test_what_others_say_about_a_take_is_heard(archive: Archive) -> None:
    first, second = record(archive), record(archive)
    assert recent(archive) == [first, second]
    put_in_bin(archive.takes / first, "Ada")
    assert (recent(archive), archive.newest().binned) == ([second], [first])
    take_out_of_bin(archive.takes / first, "Ada")
    assert (recent(archive), archive.newest().binned) == ([first, second], [])


def test_what_was_removed_for_good_is_told_once(archive: Archive) -> None:
    first, second = record(archive), record(archive)
    archive.discard(second)
    remove_take(archive.takes / second)
    told = archive.newest()
    assert ([each.id for each in told.recent], told.binned) == ([first], [])
    assert (told.removed, archive.newest().removed) == ([second], [])


def test_takes_that_an_earlier_version_discarded_are_in_the_bin(archive: Archive) -> None:
    take = record(archive)
    old = archive.data / "bin" / "takes"
    old.mkdir(parents=True)
    (archive.takes / take).rename(old / take)
    again = Archive(archive.data)
    assert [str(done).partition(" from")[0] for done in again.open()] == ["takes: 1 came back"]
    assert (recent(again), again.newest().binned) == ([], [take])
    again.restore(take)
    assert recent(again) == [take]


@pytest.mark.parametrize("take", ["../../victim", "..", "", ".", "20270303-000000-0000", "a\0b"])
def test_what_is_no_take_is_neither_marked_nor_moved(archive: Archive, take: str) -> None:
    victim = archive.data.parent / "victim"
    victim.mkdir(exist_ok=True)
    with pytest.raises((BadName, NoSuchTake)):
        archive.mark(take, Ending(success=True))
    with pytest.raises((BadName, NoSuchTake)):
        archive.discard(take)
    with pytest.raises((BadName, NoSuchTake)):
        archive.restore(take)
    assert list(victim.iterdir()) == []
    assert recent(archive) == []


def test_an_empty_folder_is_not_marked(archive: Archive) -> None:
    folder = archive.new_folder()
    with pytest.raises(TakeMissing):
        archive.mark(folder.name, Ending(success=True))
    assert list(folder.iterdir()) == []


def test_a_folder_without_a_readable_take_is_listed_as_damaged(archive: Archive) -> None:
    folder = archive.new_folder()
    (folder / "take.h5").write_bytes(b"nothing of ours")
    again = Archive(archive.data)
    again.open()
    assert recent(again) == [folder.name]
    assert "is not a take" in again.newest().recent[0].damaged


def test_what_an_import_that_was_killed_left_is_removed_when_it_opens(tmp_path: Path) -> None:
    with staging(tmp_path) as living:
        killed = living.with_name(".import-0")
        (killed / "20260101-000000-0000").mkdir(parents=True)
        (tmp_path / "takes" / "20260101-000000-0000").mkdir()  # what was to be its take
        Archive(tmp_path).open()
        assert [path.name for path in (tmp_path / "takes").iterdir()] == [living.name]


def test_a_take_that_did_a_part_says_so_until_it_is_judged_anew(archive: Archive) -> None:
    take = record(archive, keep=False)
    archive.keep(take, Ending(success=False, partly=True))
    (told,) = archive.newest().recent
    assert (told.success, told.partly) == (False, True)
    archive.mark(take, Ending(success=False))
    (told,) = archive.newest().recent
    assert (told.success, told.partly) == (False, False)
