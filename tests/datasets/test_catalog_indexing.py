"""Thousands of takes are read by several processes, and their rows are the same."""

import multiprocessing
from multiprocessing import resource_tracker, spawn
from pathlib import Path

import pytest
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets import catalog_indexing
from teachloop.datasets.catalog_indexing import index_takes
from teachloop.datasets.catalog_rows import index_take


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Of takes that are enough for two processes."""
    monkeypatch.setattr(catalog_indexing, "A_PROCESS", 3)
    monkeypatch.setattr(catalog_indexing, "BATCH", 2)
    for number in range(6):
        numbered_take(tmp_path, f"take-{number}", NumberedTake(ticks=4 + number))
    (tmp_path / "takes" / "take-3" / "take.h5").write_bytes(b"nothing of HDF5")
    return [tmp_path / "takes" / f"take-{number}" for number in range(6)]


def test_rows_come_in_the_order_of_the_folders(folders: list[Path]) -> None:
    rows = index_takes(folders)
    assert [row.to_dict() for row in rows] == [index_take(each).to_dict() for each in folders]
    assert [row.ticks for row in rows] == [4, 5, 6, 0, 8, 9]
    assert [bool(row.damaged) for row in rows] == [number == 3 for number in range(6)]


def test_where_no_process_can_be_had_this_one_reads_all(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    resource_tracker.ensure_running()
    before = spawn.get_executable()
    multiprocessing.set_executable("/bin/false")
    try:
        rows = index_takes(folders)
    finally:
        multiprocessing.set_executable(before)
    assert [row.ticks for row in rows] == [4, 5, 6, 0, 8, 9]
