"""A catalog whose content is none of ours is made again, wherever the damage is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from teachloop.app.web.take_list import TakeList
from teachloop.datasets.catalog import FILE, Catalog
from teachloop.datasets.catalog_file import CatalogUnusable


@pytest.fixture
def data(recording) -> Path:
    """Three takes and their catalog."""
    for _ in range(3):
        recording.take(1)
    data: Path = recording.takes.parent
    with Catalog(data) as catalog:
        catalog.refresh()
    return data


def ids(data: Path) -> list[str]:
    return [row.id for row in TakeList(data).rows()]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE takes SET cameras = 'no JSON'",
        "UPDATE takes SET cameras = '[1, 2]'",
        "UPDATE takes SET tags = '{}'",
        "UPDATE takes SET duration_s = 'long'",
        "UPDATE takes SET ticks = 1.5",
        "UPDATE takes SET task = x'ff00ff'",
        "UPDATE takes SET deleted = 1",
        "UPDATE takes SET take_id = '0' || substr(take_id, 2)",
        "UPDATE takes SET success = 1",
        "ALTER TABLE takes DROP COLUMN duration_s",
        "ALTER TABLE takes ADD COLUMN more",
        "ALTER TABLE takes RENAME TO gone",
        "DROP TABLE takes",
    ],
)
def test_content_of_other_kinds_hides_no_take(data: Path, statement: str) -> None:
    before = ids(data)
    with closing(sqlite3.connect(data / FILE)) as connection:
        connection.execute("PRAGMA writable_schema = 1")
        connection.execute(statement)
        connection.commit()
    assert ids(data) == before
    assert len(before) == 3


@pytest.mark.parametrize("place", [4096, 4100, 5000, 8000])
def test_damaged_pages_hide_no_take(data: Path, place: int) -> None:
    before = ids(data)
    for end in ("-wal", "-shm"):
        (data / f"{FILE}{end}").unlink(missing_ok=True)
    content = bytearray((data / FILE).read_bytes())
    content[place : place + 64] = b"\xff" * 64
    (data / FILE).write_bytes(content)
    assert ids(data) == before


def test_what_cannot_be_written_is_said_in_words(data: Path) -> None:
    for path in data.glob(f"{FILE}*"):
        path.unlink()
    (data / FILE).mkdir()
    with pytest.raises(CatalogUnusable, match="is only an index of the takes"), Catalog(data):
        pass
    assert len(ids(data)) == 3


def test_folders_whose_names_are_no_ids_are_passed_over(data: Path) -> None:
    before = ids(data)
    for name in ("a b", ".hidden", "…", "x%2f", "\udcff"):
        odd = data / "takes" / name
        odd.mkdir()
        (odd / "take.h5").write_bytes(b"")
    assert ids(data) == before
