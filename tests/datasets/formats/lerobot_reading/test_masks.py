"""Masks and calibrations that went along come back; what is none is refused in words."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from numbered_pictures import HEIGHT, WIDTH
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.options import LeRobotOptions
from teachloop.datasets.formats.take_import import import_takes
from teachloop.datasets.labels.edits import SetMask, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.datasets.takes.reader import Take

Row = dict[str, Any]


def mask(left: int, source: MaskSource = MaskSource.HUMAN, locked: bool = False) -> MaskRecord:
    inside = np.zeros((HEIGHT, WIDTH), bool)
    inside[10:30, left : left + 12] = True
    return MaskRecord(rle=encode(inside), source=source, confidence=0.625, locked=locked)


SAID = [
    SetObjects((ObjectLabel("cup", False), ObjectLabel("red cube", True))),
    SetMask("front", 0, "red cube", mask(5, locked=True)),
    SetMask("front", 3, "cup", mask(40, MaskSource.PROPAGATED)),
    SetMask("wrist", 3, "red cube", mask(60, MaskSource.PROJECTED)),
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    takes = [
        numbered_take(data, "one", NumberedTake(ticks=12, seed=1)),
        numbered_take(data, "two", NumberedTake(ticks=12), *SAID),
    ]
    export_takes(data, takes, LeRobotOptions(), data / "out", lambda message, share: None)
    return data / "out"


def imported(data: Path, dataset: Path) -> Any:
    return import_takes(data, dataset, ImportOptions(), lambda message, share: None)


def said_of(data: Path, take: str) -> Snapshot:
    return Labels.open(data / "takes" / take).snapshot


def test_each_take_has_its_own_masks_back(exported: Path, tmp_path: Path) -> None:
    done = imported(tmp_path, exported)
    first, second = (said_of(tmp_path, take) for take in done.takes)
    assert (first.masks, first.objects) == ({}, ())
    assert dict(second.masks) == {
        (each.camera, each.frame, each.object): each.mask
        for each in SAID
        if isinstance(each, SetMask)
    }
    assert second.targets == ("red cube",)
    assert {each.name for each in second.objects} == {"cup", "red cube"}


def test_cameras_are_where_they_were(exported: Path, tmp_path: Path) -> None:
    done = imported(tmp_path, exported)
    with Take.open(tmp_path / "takes" / done.takes[0]) as take:
        for camera in take.info.cameras.values():
            assert camera.calibrated
            np.testing.assert_array_equal(camera.intrinsics, np.eye(3))
            np.testing.assert_array_equal(camera.pose, np.eye(4))


def change_masks(change: Callable[[Row], object]) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        (path,) = (root / "masks").glob("*/*.parquet")
        table = parquet.read_table(path)
        rows = table.to_pylist()
        change(rows[0])
        parquet.write_table(pa.Table.from_pylist(rows, table.schema), path)

    return spoil


def change_calibration(name: str, value: Any) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        (path,) = (root / "meta/episodes").glob("*/*.parquet")
        table = parquet.read_table(path)
        rows = table.to_pylist()
        told = json.loads(rows[1]["calibrations"])
        told["front"][name] = value
        rows[1]["calibrations"] = json.dumps(told)
        parquet.write_table(pa.Table.from_pylist(rows, table.schema), path)

    return spoil


def cut_masks(root: Path) -> None:
    (path,) = (root / "masks").glob("*/*.parquet")
    path.write_bytes(path.read_bytes()[:-20])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (change_masks(lambda row: row.update(frame_index=99)), "no such picture 99"),
        (change_masks(lambda row: row.update(camera="side")), "'side' has no such picture"),
        (change_masks(lambda row: row.update(height=7)), "no such picture"),
        (change_masks(lambda row: row.update(counts="12")), "Run lengths"),
        (change_masks(lambda row: row.update(confidence=7.0)), "confidence"),
        (change_masks(lambda row: row.update(source="nobody")), "source"),
        (change_masks(lambda row: row.update(object="")), "object"),
        (cut_masks, "cannot be read"),
        (change_calibration("pose", [[2, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]),
         "calibration of 'front'"),
        (change_calibration("intrinsics", "none"), "calibrations are none"),
        (change_calibration("width", 3), "calibration of 'front'"),
    ],
)  # fmt: skip
def test_what_is_none_refuses_the_episode_and_says_why(
    exported: Path, tmp_path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    dataset = tmp_path / "spoiled"
    shutil.copytree(exported, dataset)
    spoil(dataset)
    done = imported(tmp_path / "data", dataset)
    assert done.left_out
    assert all(words in reason for reason in done.left_out.values())
    assert len(done.left_out) == (2 if spoil is cut_masks else 1), "others are not affected"


@pytest.mark.parametrize("paraphrases", [3, 0.5, [4, 5], True])
def test_other_words_that_are_none_are_left_out(
    exported: Path, tmp_path: Path, paraphrases: object
) -> None:
    dataset = tmp_path / "spoiled"
    shutil.copytree(exported, dataset)
    (path,) = (dataset / "meta/episodes").glob("*/*.parquet")
    table = parquet.read_table(path)
    place = table.column_names.index("paraphrases")
    column = pa.array([paraphrases] * len(table))
    parquet.write_table(table.set_column(place, "paraphrases", column), path)
    done = imported(tmp_path / "data", dataset)
    assert not done.left_out
    assert len(done.takes) == 2
