"""The list shows every take; one that cannot be read is marked with the reason."""

import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from drawn_takes import draw_take

from teachloop.app.web.take_list import TakeList
from teachloop.datasets.labels.edit_log import CHECKSUM
from teachloop.datasets.takes.checksum import write_checksum
from teachloop.datasets.takes.trash import put_in_bin


def put_folder_in_place_of_the_log(take: Path) -> None:
    (take / "labels" / "edits.jsonl").unlink()
    (take / "labels" / "edits.jsonl").mkdir()


def make_the_task_a_list(take: Path) -> None:
    with h5py.File(take / "take.h5", "r+") as file:
        file.attrs["task"] = np.bytes_("[1, 2]")
    write_checksum(take / "take.h5")


def name_an_object_with_a_number(take: Path) -> None:
    edit = {"kind": "objects", "objects": [{"name": 7, "target": True}]}
    entry = {"revision": 1, "base": 0, "author": "", "time": "", "edits": [edit]}
    text = json.dumps(entry).encode()[:-1]
    line = text + CHECKSUM + b'%08x"}\n' % zlib.crc32(text)
    (take / "labels" / "edits.jsonl").write_bytes(line)


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        (put_folder_in_place_of_the_log, "Is a directory"),
        (make_the_task_a_list, r"task must be text, got \[1, 2\]"),
        (name_an_object_with_a_number, "name must be text, got 7"),
    ],
)
def test_a_broken_take_is_marked_and_hides_no_other(
    tmp_path: Path, break_it: Callable[[Path], None], reason: str
) -> None:
    for name in ("good", "broken"):
        draw_take(tmp_path, name)
    break_it(tmp_path / "takes" / "broken")
    rows = {row.id: row for row in TakeList(tmp_path).rows()}
    assert rows["good"].damaged == ""
    assert rows["good"].masks == 40
    assert re.search(reason, rows["broken"].damaged)
    json.dumps([row.model_dump() for row in rows.values()], allow_nan=False)


def test_a_take_says_its_cameras_in_their_order(tmp_path: Path) -> None:
    draw_take(tmp_path, "one", cameras=("wrist", "front"))
    (row,) = TakeList(tmp_path).rows()
    assert row.cameras == ["wrist", "front"]


def test_takes_in_the_bin_are_counted_with_the_others(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        draw_take(tmp_path, name)
    put_in_bin(tmp_path / "takes" / "b", "Ada")
    rows = TakeList(tmp_path).rows()
    assert [(row.id, row.number, row.deleted) for row in rows] == [
        ("c", 3, False),
        ("b", 2, True),
        ("a", 1, False),
    ]
    assert {(row.labelled, row.confidence, row.targets) for row in rows} == {
        (1.0, 1.0, ("red square",))
    }
