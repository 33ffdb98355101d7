"""The catalog says what the files say, and nothing is lost with it."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from teachloop.datasets.catalog import FILE, Catalog, Refreshed
from teachloop.datasets.catalog_rows import TakeRow
from teachloop.datasets.labels.edits import (
    SetInstruction,
    SetMask,
    SetObjects,
    SetSuccess,
    SetSynonyms,
)
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.takes.trash import put_in_bin

REFRESH = """
import contextlib, pathlib, sqlite3, sys
from teachloop.datasets.catalog import FILE, Catalog
data = pathlib.Path(sys.argv[1])
with Catalog(data) as catalog:
    for _ in range(5):
        with contextlib.closing(sqlite3.connect(data / FILE, 30)) as file, file:
            file.execute("DELETE FROM takes")
        catalog.refresh()
"""


@pytest.fixture
def data(recording) -> Path:
    return recording.takes.parent


def rows(catalog: Catalog) -> list[dict]:
    return [row.to_dict() for row in catalog.takes(deleted=None)]


def only(catalog: Catalog) -> TakeRow:
    (row,) = catalog.takes()
    return row


@pytest.mark.parametrize("name", ["what?v=2", "100%25 done", "hash#tag", "a;b&c", "ünï 机器人 🤖"])
def test_a_data_folder_may_have_any_name(recording, tmp_path: Path, name: str) -> None:
    recording.take(2)
    odd = shutil.copytree(recording.takes.parent, tmp_path / "odd" / name)
    with Catalog(odd) as catalog:
        catalog.refresh()
        assert len(catalog.takes()) == 1
    assert (odd / FILE).is_file()
    assert list((tmp_path / "odd").iterdir()) == [odd], "nothing lies outside of it"


def test_row_says_what_the_take_and_its_labels_say(recording, data: Path) -> None:
    path = recording.take(6, dropped={"front": {2}})
    objects = SetObjects((ObjectLabel("red cube", True), ObjectLabel("ball")))
    said = [SetSuccess(True), objects, SetSynonyms("ball", ("赤い球", "orb"))]
    Labels.open(path.parent).apply(said, 0, "Ada")
    with Catalog(data) as catalog:
        assert catalog.refresh() == Refreshed(changed=1, removed=0)
        row = only(catalog)
    assert row.take_id == path.parent.name
    assert (row.ticks, row.frames, row.dropped) == (6, 11, 1)
    assert row.cameras == ["front", "wrist"]
    assert (row.task, row.operator, row.simulated) == ("pick", "Ada", True)
    assert row.instruction == "hebe den roten Würfel 赤い立方体"
    assert (row.success, row.targets, row.revision) == (True, ["red cube"], 1)
    assert (row.objects, row.synonyms) == (["red cube", "ball"], {"ball": ["赤い球", "orb"]})
    assert (row.masks, row.review, row.damaged) == (0, "open", "")


def test_refresh_reads_only_what_changed(recording, data: Path) -> None:
    first, second, third = (recording.take(2).parent for _ in range(3))
    with Catalog(data) as catalog:
        assert catalog.refresh() == Refreshed(3, 0)
        assert catalog.refresh() == Refreshed(0, 0)
        Labels.open(first).apply([SetInstruction("push it")], 0, "Ada")
        assert catalog.refresh() == Refreshed(1, 0)
        shutil.rmtree(second)
        assert catalog.refresh() == Refreshed(0, 1)
        shown = {row.take_id: row.instruction for row in catalog.takes()}
    assert set(shown) == {first.name, third.name}
    assert shown[first.name] == "push it"


def test_catalog_made_again_equals_the_one_kept_up(recording, data: Path) -> None:
    with Catalog(data) as catalog:
        folders = [recording.take(ticks).parent for ticks in range(3)]
        for ticks, folder in enumerate(folders):
            catalog.refresh()
            Labels.open(folder).apply([SetSuccess(bool(ticks))], 0, "Ada")
            catalog.refresh()
        put_in_bin(folders[1], "Ada")
        catalog.refresh()
        kept_up = rows(catalog)
    for file in data.glob(f"{FILE}*"):
        file.unlink()
    with Catalog(data) as catalog:
        catalog.refresh()
        assert rows(catalog) == kept_up


def test_bin_hides_a_take_and_gives_it_back(recording, data: Path) -> None:
    folder = recording.take(2).parent
    put_in_bin(folder, "Ada")
    with Catalog(data) as catalog:
        catalog.refresh()
        assert catalog.takes() == []
        assert [row.take_id for row in catalog.takes(deleted=True)] == [folder.name]


def test_a_take_that_an_earlier_version_binned_is_listed_as_deleted(recording, data: Path) -> None:
    folder = recording.take(2).parent
    (data / "bin" / "takes").mkdir(parents=True)
    folder.rename(data / "bin" / "takes" / folder.name)
    with Catalog(data) as catalog:
        catalog.refresh()
        (row,) = catalog.takes(deleted=None)
    assert (row.take_id, row.deleted) == (folder.name, True)


def test_row_says_how_much_is_labelled_and_how_surely(recording, data: Path) -> None:
    """Of 8 frames, 2 show a target: one of them surely, one half so."""
    folder = recording.take(4).parent
    inside = encode(np.ones((24, 32)))
    said = [("front", 0, "cube", 0.25), ("front", 0, "ball", 1.0), ("wrist", 3, "cube", 0.75)]
    masks = [
        SetMask(
            camera=camera,
            frame=frame,
            object=name,
            mask=MaskRecord(rle=inside, source=MaskSource.MODEL, confidence=sure),
        )
        for camera, frame, name, sure in said
    ]
    objects = SetObjects((ObjectLabel("cube", True), ObjectLabel("ball")))
    Labels.open(folder).apply([objects, *masks], 0, "Ada")
    with Catalog(data) as catalog:
        catalog.refresh()
        row = only(catalog)
    assert (row.masks, row.labelled, row.confidence) == (3, 0.25, 0.5)


def test_newest_take_comes_first(recording, data: Path) -> None:
    names = [recording.take(1).parent.name for _ in range(3)]
    with Catalog(data) as catalog:
        catalog.refresh()
        assert [row.take_id for row in catalog.takes()] == names[::-1]


def test_damaged_take_is_listed_with_its_reason(recording, data: Path) -> None:
    path = recording.take(2)
    path.write_bytes(path.read_bytes()[:-100])
    with Catalog(data) as catalog:
        catalog.refresh()
        assert "cut short" in only(catalog).damaged


def test_recording_in_progress_is_not_listed(recording, data: Path) -> None:
    with recording.writer(), Catalog(data) as catalog:
        catalog.refresh()
        assert catalog.takes() == []


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\0" + bytes(900)])
def test_damaged_catalog_is_made_again(recording, data: Path, content: bytes) -> None:
    recording.take(2)
    (data / FILE).write_bytes(content)
    with Catalog(data) as catalog:
        catalog.refresh()
        assert len(catalog.takes()) == 1


def test_processes_share_a_catalog(recording, data: Path) -> None:
    for _ in range(3):
        recording.take(1)
    children = [subprocess.Popen([sys.executable, "-c", REFRESH, str(data)]) for _ in range(2)]
    assert [child.wait(120) for child in children] == [0, 0]
    with Catalog(data) as catalog:
        assert catalog.refresh() == Refreshed(0, 0)
        assert len(catalog.takes()) == 3
