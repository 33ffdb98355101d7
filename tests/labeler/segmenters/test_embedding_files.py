"""Embeddings on disk: whole or not read, within a bound, gone with their take."""

import logging
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from drawn_takes import draw_take

from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.computed import computed_folder
from teachloop.datasets.takes.trash import put_in_bin, take_out_of_bin
from teachloop.labeler.segmenters.embedding_files import (
    LEFT_FREE,
    EmbeddingFiles,
    EmbeddingFolder,
    Maps,
)

SIZE = 100_000  # bytes of one embedding, nearly
ROOM = 10 * SIZE


@pytest.fixture
def take(tmp_path: Path) -> Path:
    return tmp_path / "takes" / draw_take(tmp_path, "one", labeled=False)


@pytest.fixture
def files(tmp_path: Path, take: Path) -> EmbeddingFiles:
    return EmbeddingFolder(tmp_path, ROOM).of(take)


def maps(seed: int = 0) -> Maps:
    numbers = np.random.default_rng(seed).normal(size=SIZE // 2).astype(np.float16)
    return numbers[:20_000].reshape(1, 2, 100, 100), numbers[20_000:].reshape(1, 3, 100, 100)


def same(one: Maps | None, other: Maps) -> bool:
    return one is not None and all(map(np.array_equal, one, other)) and len(one) == len(other)


def path_of(take: Path, key: str) -> Path:
    (found,) = computed_folder(take).glob(f"{key}*")
    return found


def used_long_ago(path: Path, rank: int) -> None:
    os.utime(path, (rank, rank))


def test_what_was_written_is_read_by_whoever_comes_next(
    files: EmbeddingFiles, tmp_path: Path, take: Path
) -> None:
    files.write("a", maps())
    assert same(EmbeddingFolder(tmp_path, ROOM).of(take).read("a"), maps())
    assert files.read("b") is None


@pytest.mark.parametrize("harm", ["cut short", "damaged", "empty", "no file of ours"])
def test_a_file_that_is_not_whole_is_not_read_and_is_written_anew(
    files: EmbeddingFiles, take: Path, harm: str
) -> None:
    files.write("a", maps())
    path = path_of(take, "a")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    short = path.read_bytes()[: len(content) // 2]
    path.write_bytes(
        {"cut short": short, "damaged": bytes(content), "empty": b"", "no file of ours": b"x" * 99}[
            harm
        ]
    )
    assert files.read("a") is None
    files.write("a", maps(1))
    assert same(files.read("a"), maps(1))


def test_the_bound_is_kept_and_the_one_used_longest_ago_goes_first(
    files: EmbeddingFiles, take: Path
) -> None:
    kept = ROOM // SIZE - 1  # a file is a little larger than what is in it
    for number in range(kept):
        files.write(f"n{number}", maps(number))
        used_long_ago(path_of(take, f"n{number}"), number)
    assert files.read("n0") is not None, "now it is the newest"
    for number in range(kept, kept + 3):
        files.write(f"n{number}", maps(number))
    sizes = [path.stat().st_size for path in computed_folder(take).iterdir()]
    assert sum(sizes) <= ROOM
    assert len(sizes) >= kept - 1
    gone = [number for number in range(kept + 3) if files.read(f"n{number}") is None]
    assert gone == list(range(1, len(gone) + 1))


def test_the_bound_is_of_all_takes_together(tmp_path: Path, take: Path) -> None:
    other = tmp_path / "takes" / draw_take(tmp_path, "two", labeled=False)
    folder = EmbeddingFolder(tmp_path, int(1.5 * SIZE))
    folder.of(take).write("a", maps())
    folder.of(other).write("b", maps())
    assert folder.of(take).read("a") is None
    assert same(folder.of(other).read("b"), maps())


def test_without_room_none_is_kept(tmp_path: Path, take: Path) -> None:
    EmbeddingFolder(tmp_path, 0).of(take).write("a", maps())
    assert not computed_folder(take).exists()


def test_a_full_disk_is_said_once_and_keeps_what_recordings_need(
    files: EmbeddingFiles,
    take: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    usage = shutil.disk_usage(take)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=LEFT_FREE + SIZE // 2))
    with caplog.at_level(logging.WARNING):
        files.write("a", maps())
        files.write("b", maps())
    assert files.read("a") is None
    assert [record.message for record in caplog.records].count(caplog.records[0].message) == 1
    assert "no room" in caplog.text
    assert files.full
    monkeypatch.undo()
    files.write("a", maps())
    assert not files.full, "room was made"


def test_a_disk_that_fails_is_said_once(
    files: EmbeddingFiles, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "computed").write_text("a file where the folder should be")
    for key in ("a", "b"):
        files.write(key, maps())
    assert len(caplog.records) == 1
    assert files.read("a") is None


def test_the_take_is_as_it_was(files: EmbeddingFiles, take: Path) -> None:
    before = sorted(take.rglob("*"))
    files.write("a", maps())
    assert sorted(take.rglob("*")) == before
    assert check(take.parent.parent) == []


def test_with_its_take_it_goes_into_no_bin(files: EmbeddingFiles, take: Path) -> None:
    files.write("a", maps())
    put_in_bin(take, "Ada")
    assert not computed_folder(take).exists()
    take_out_of_bin(take, "Ada")
    assert files.read("a") is None


def test_what_is_of_no_take_is_swept_away(
    files: EmbeddingFiles, tmp_path: Path, take: Path
) -> None:
    other = tmp_path / "takes" / draw_take(tmp_path, "two", labeled=False)
    folder = EmbeddingFolder(tmp_path, ROOM)
    folder.of(other).write("b", maps())
    files.write("a", maps())
    half = computed_folder(take) / ".a.npz.1.2.partial"
    half.write_bytes(b"half")
    used_long_ago(half, 1)
    (underway := half.with_name(".b.npz.1.2.partial")).write_bytes(b"half")
    shutil.rmtree(other)
    folder.sweep()
    assert not computed_folder(other).exists()
    assert same(files.read("a"), maps())
    assert not half.exists(), "a kill left it"
    assert underway.exists()


def test_it_is_full_where_one_more_would_push_out_another_of_the_take(
    files: EmbeddingFiles, tmp_path: Path, take: Path
) -> None:
    other = EmbeddingFolder(tmp_path, ROOM).of(
        tmp_path / "takes" / draw_take(tmp_path, "two", labeled=False)
    )
    for number in range(9):
        other.write(f"n{number}", maps(number))
    assert not files.full, "those of another take may go"
    for number in range(ROOM // SIZE):
        assert files.full == (number >= ROOM // SIZE - 1)
        files.write(f"n{number}", maps(number))
    assert other.read("n8") is None


def test_nothing_is_written_of_a_take_that_is_gone(files: EmbeddingFiles, take: Path) -> None:
    shutil.rmtree(take)
    files.write("a", maps())
    assert not computed_folder(take).exists()
