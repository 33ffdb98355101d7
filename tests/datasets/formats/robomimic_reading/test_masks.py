"""Masks and calibrations that went along in robomimic's file come back; others are refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from numbered_pictures import HEIGHT, WIDTH, number_shown
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.robomimic.export import export_takes
from teachloop.datasets.formats.robomimic.options import RobomimicOptions
from teachloop.datasets.formats.take_import import ImportedTakes, import_takes
from teachloop.datasets.labels.edits import SetMask, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.takes.reader import Take

Row = dict[str, Any]


def mask(left: int, source: MaskSource = MaskSource.HUMAN) -> MaskRecord:
    inside = np.zeros((HEIGHT, WIDTH), bool)
    inside[10:30, left : left + 12] = True
    return MaskRecord(rle=encode(inside), source=source, confidence=0.625, locked=left == 5)


LATER = 12  # frame of the front camera, which shows 14: two before it never came
SAID = [
    SetObjects((ObjectLabel("cup", False), ObjectLabel("赤い立方体", True))),
    SetMask("front", 0, "赤い立方体", mask(5)),
    SetMask("front", 6, "cup", mask(20)),  # shown at three ticks
    SetMask("front", LATER, "cup", mask(40, MaskSource.PROPAGATED)),
    SetMask("wrist", 3, "赤い立方体", mask(60, MaskSource.PROJECTED)),
]


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    how = NumberedTake(ticks=20, dropped={"front": {7, 8}})
    takes = [
        numbered_take(tmp_path, "one", NumberedTake(ticks=12, seed=1)),
        numbered_take(tmp_path, "two", how, *SAID),
    ]
    asked = RobomimicOptions(next_pictures=False)
    export_takes(tmp_path, takes, asked, tmp_path / "out", lambda message, share: None)
    return tmp_path / "out" / "dataset.hdf5"


def imported(data: Path, file: Path) -> ImportedTakes:
    return import_takes(data, file, ImportOptions(), lambda message, share: None)


def test_each_take_has_its_own_masks_back(exported: Path, tmp_path: Path) -> None:
    one, two = imported(tmp_path / "back", exported).takes
    takes = tmp_path / "back" / "takes"
    assert Labels.open(takes / one).snapshot.masks == {}
    said = Labels.open(takes / two).snapshot
    assert dict(said.masks) == {
        (each.camera, each.frame, each.object): each.mask
        for each in SAID
        if isinstance(each, SetMask)
    }
    assert (list(said.targets), [label.name for label in said.objects]) == (
        ["赤い立方体"],
        ["赤い立方体", "cup"],
    )
    with Take.open(takes / two) as take:
        assert number_shown(take.image("front", LATER)) == 14


def test_cameras_are_where_they_were(exported: Path, tmp_path: Path) -> None:
    (_, two) = imported(tmp_path / "back", exported).takes
    with Take.open(tmp_path / "takes" / "two") as a, Take.open(tmp_path / "back/takes" / two) as b:
        for name, camera in a.info.cameras.items():
            again = b.info.cameras[name]
            assert (again.calibrated, again.mount) == (True, camera.mount)
            assert np.allclose(again.intrinsics, camera.intrinsics)
            assert np.allclose(again.pose, camera.pose)


def change(edit: Callable[[Row], object]) -> Callable[[Any], None]:
    def spoil(demo: Any) -> None:
        rows = json.loads(bytes(demo["masks"][()]))
        edit(rows[0])
        write(demo, "masks", json.dumps(rows).encode())

    return spoil


def write(demo: Any, name: str, content: bytes) -> None:
    del demo[name]
    demo[name] = np.frombuffer(content, np.uint8)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (change(lambda row: row.update(frame_index=99)), "no such picture"),
        (change(lambda row: row.update(camera="side")), "'side' has no such picture"),
        (change(lambda row: row.update(counts="12")), "Run lengths"),
        (change(lambda row: row.update(confidence=7.0)), "confidence"),
        (change(lambda row: row.update(source="nobody")), "source"),
        (lambda demo: write(demo, "masks", b"[1]"), "no list of masks"),
        (lambda demo: write(demo, "masks", b"{"), "no JSON"),
        (lambda demo: write(demo, "masks", b"\xff"), "cannot be read"),
        (lambda demo: write(demo, "calibrations", b'{"front": 3}'), "calibrations"),
    ],
)
def test_what_is_no_mask_is_refused_in_words(
    exported: Path, tmp_path: Path, spoil: Callable[[Any], None], words: str
) -> None:
    with h5py.File(exported, "r+") as file:
        spoil(file["data/demo_1"])
    done = imported(tmp_path / "back", exported)
    assert len(done.takes) == 1
    assert words in done.left_out["demo_1 of dataset.hdf5"]


def test_a_file_of_before_is_read_without_them(exported: Path, tmp_path: Path) -> None:
    with h5py.File(exported, "r+") as file:
        data: Any = file["data"]
        for demo in data.values():
            del demo["masks"], demo["calibrations"]
    done = imported(tmp_path / "back", exported)
    with Take.open(tmp_path / "back" / "takes" / done.takes[1]) as take:
        assert not take.info.cameras["front"].calibrated
        assert take.info.source is not None
        assert any("earlier versions" in each for each in take.info.source.assumed)
