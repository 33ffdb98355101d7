"""Heaps of HDF5 files whose parts do not add up are refused before the library meets them."""

from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from teachloop.datasets.formats.imported import heaps
from teachloop.datasets.formats.imported.episode import EpisodeRefused
from teachloop.datasets.formats.imported.heaps import HEAD, PART, SIGNATURE, require_whole_heaps
from teachloop.datasets.formats.imported.stored import opened, text

WORDS = "lege den Würfel weg"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "set.hdf5"
    with h5py.File(path, "w") as made:
        for number in range(300):  # more than one heap
            made.attrs[f"text {number}"] = f"{WORDS} {number} " + "x" * (number % 60)
    return path


def broken(path: Path, change: Callable[[int, int, int], int | None]) -> None:
    """Other bytes of a part, by its place, its index and the bytes that it had."""
    content = bytearray(path.read_bytes())
    place = content.find(SIGNATURE)
    _, length = HEAD.unpack_from(content, place)
    at = place + HEAD.size
    while at + PART.size <= place + length:
        index, references, nothing, held = PART.unpack_from(content, at)
        other = change(at, index, held)
        if other is not None:
            PART.pack_into(content, at, index, references, nothing, other)
            break
        at += PART.size + held + -held % 8 if index else held
    path.write_bytes(content)


def test_whole_ones_are_read(file: Path) -> None:
    assert file.read_bytes().count(SIGNATURE) > 1
    with opened(file, "set") as found:
        assert text(found, "text 7") == f"{WORDS} 7 " + "x" * 7


@pytest.mark.parametrize("block", [9, 16, 100, 4096])
def test_they_are_found_wherever_they_lie(
    file: Path, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heaps, "BLOCK", block)
    require_whole_heaps(file)
    broken(file, lambda _at, index, _held: 1 << 40 if index == 2 else None)
    with pytest.raises(ValueError, match="its texts are damaged"):
        require_whole_heaps(file)


@pytest.mark.parametrize(
    "change",
    [
        lambda _at, index, _held: 0 if index == 0 else None,
        lambda _at, index, _held: 8 if index == 0 else None,
        lambda _at, index, _held: 1 << 20 if index == 0 else None,
        lambda _at, index, _held: (1 << 64) - 16 if index == 1 else None,
        lambda _at, index, _held: 5000 if index == 3 else None,
    ],
)
def test_parts_that_do_not_add_up_are_refused(
    file: Path, change: Callable[[int, int, int], int | None]
) -> None:
    """The first keeps the library busy for ever, once it reads a text."""
    broken(file, change)
    words = r"set cannot be read: its texts are damaged\."
    with pytest.raises(EpisodeRefused, match=words), opened(file, "set"):
        pass


def test_a_heap_that_is_cut_off_is_left_to_the_library(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: content.rfind(SIGNATURE) + 20])
    require_whole_heaps(file)
    with pytest.raises(EpisodeRefused, match="set cannot be read"), opened(file, "set"):
        pass
