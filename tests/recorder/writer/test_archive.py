from pathlib import Path

import pytest

from teachloop.datasets.errors import TakeMissing
from teachloop.recorder.writer.archive import Archive, TakeInTheWay


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    archive.open()
    return archive


def test_a_new_take_never_has_the_name_of_one_in_the_bin(archive: Archive) -> None:
    names = set()
    for _ in range(5):  # within the same second, most of them
        folder = archive.new_folder()
        names.add(folder.name)
        archive.discard(folder.name)
    assert len(names) == 5
    assert archive.binned() == sorted(names)
    assert list(archive.takes.iterdir()) == []


def test_what_is_not_there_or_in_the_way_is_said(archive: Archive) -> None:
    with pytest.raises(TakeMissing):
        archive.discard("20200101-000000-0000")
    folder = archive.new_folder()
    (archive.bin / folder.name).mkdir()
    with pytest.raises(TakeInTheWay, match="is there already"):
        archive.discard(folder.name)


@pytest.mark.parametrize("take", ["../../victim", "..", "", ".", "20270303-000000-0000"])
def test_what_is_no_take_is_neither_marked_nor_moved(archive: Archive, take: str) -> None:
    victim = archive.data.parent / "victim"
    victim.mkdir(exist_ok=True)
    with pytest.raises(TakeMissing):
        archive.mark(take, True)
    with pytest.raises(TakeMissing):
        archive.discard(take)
    with pytest.raises(TakeMissing):
        archive.restore(take)
    assert list(victim.iterdir()) == []
    assert archive.recent == []


def test_an_empty_folder_is_not_marked(archive: Archive) -> None:
    folder = archive.new_folder()
    with pytest.raises(TakeMissing):
        archive.mark(folder.name, True)
    assert list(folder.iterdir()) == []


def test_a_folder_without_a_readable_take_is_listed_as_damaged(archive: Archive) -> None:
    folder = archive.new_folder()
    (folder / "take.h5").write_bytes(b"nothing of ours")
    again = Archive(archive.data)
    again.open()
    assert [each.id for each in again.recent] == [folder.name]
    assert "is not a take" in again.recent[0].damaged
