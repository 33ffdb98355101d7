"""What LeRobot has no place for goes along: masks, and where the cameras are."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as parquet
from lerobot_files import LeRobotFiles
from numbered_pictures import HEIGHT, WIDTH
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.options import LeRobotOptions
from teachloop.datasets.labels.edits import SetMask, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, Rle, decode, encode

TICKS = 12


def box(left: int, top: int, width: int, height: int) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[top : top + height, left : left + width] = True
    return mask


CUP, BALL, NOTHING = box(4, 8, 16, 12), box(20, 4, 8, 8), np.zeros((HEIGHT, WIDTH), bool)


def labelled_take(data: Path, name: str, *masks: tuple[str, int, str, np.ndarray]) -> str:
    """Front's frame 5 never came."""
    take = numbered_take(data, name, NumberedTake(ticks=TICKS, dropped={"front": {5}}))
    objects = SetObjects((ObjectLabel("cup", True), ObjectLabel("ball", False)))
    said = [
        SetMask(
            camera,
            frame,
            thing,
            MaskRecord(rle=encode(mask), source=MaskSource.PROPAGATED, confidence=0.75),
        )
        for camera, frame, thing, mask in masks
    ]
    Labels.open(data / "takes" / take).apply([objects, *said], 0, "Ada")
    return take


def exported(data: Path, takes: list[str], **how: Any) -> Path:
    out = data / "out"
    export_takes(data, takes, LeRobotOptions(**how), out, lambda message, share: None)
    return out


def rows_of(out: Path) -> list[dict[str, Any]]:
    files = sorted((out / "masks").glob("*/*.parquet"))
    return [row for path in files for row in parquet.read_table(path).to_pylist()]


def mask_of(row: dict[str, Any]) -> np.ndarray:
    return decode(Rle(row["height"], row["width"], row["counts"]))


def test_each_picture_has_the_masks_of_the_frame_that_it_shows(tmp_path: Path) -> None:
    first = labelled_take(tmp_path, "one", ("front", 0, "cup", CUP))
    # frame 4 is shown at ticks 4 and 5, since number 5 never came
    second = labelled_take(
        tmp_path,
        "two",
        ("front", 4, "cup", CUP),
        ("front", 4, "ball", NOTHING),
        ("wrist", 7, "ball", BALL),
    )
    rows = rows_of(exported(tmp_path, [first, second]))
    places = [
        (row["episode_index"], row["frame_index"], row["camera"], row["object"]) for row in rows
    ]
    assert places == [
        (0, 0, "front", "cup"),
        *((1, tick, "front", thing) for tick in (4, 5) for thing in ("ball", "cup")),
        (1, 7, "wrist", "ball"),
    ]
    wanted = {"cup": CUP, "ball": NOTHING}
    for row in rows[:-1]:
        np.testing.assert_array_equal(mask_of(row), wanted[row["object"]])
    np.testing.assert_array_equal(mask_of(rows[-1]), BALL)
    assert {(row["source"], row["confidence"], row["locked"]) for row in rows} == {
        ("propagated", 0.75, False)
    }
    assert {(row["object"], row["target"]) for row in rows} == {("cup", True), ("ball", False)}


def test_masks_have_the_size_of_the_pictures(tmp_path: Path) -> None:
    take = labelled_take(tmp_path, "one", ("wrist", 3, "cup", CUP))
    twice = (2 * HEIGHT, 2 * WIDTH)
    (row,) = rows_of(exported(tmp_path, [take], cameras=("wrist",), size=twice))
    np.testing.assert_array_equal(mask_of(row), np.kron(CUP, np.ones((2, 2))) > 0)


def test_of_cameras_that_are_left_out_no_mask_goes_along(tmp_path: Path) -> None:
    take = labelled_take(tmp_path, "one", ("front", 3, "cup", CUP))
    assert rows_of(exported(tmp_path, [take], cameras=("wrist",))) == []


def test_a_mask_that_is_none_leaves_its_take_out_by_name(tmp_path: Path) -> None:
    good = labelled_take(tmp_path, "good", ("front", 0, "cup", CUP))
    bad = labelled_take(tmp_path, "bad", ("front", 99, "cup", CUP))
    told = export_takes(
        tmp_path, [good, bad], LeRobotOptions(), tmp_path / "out", lambda message, share: None
    )
    assert list(told.left_out) == [bad]
    assert "frame 99" in told.left_out[bad]
    assert [row["episode_index"] for row in rows_of(tmp_path / "out")] == [0]


def test_an_episode_says_where_its_cameras_are_in_its_own_pixels(tmp_path: Path) -> None:
    take = labelled_take(tmp_path, "one")
    twice = (2 * HEIGHT, 2 * WIDTH)
    out = exported(tmp_path, [take], cameras=("front",), size=twice)
    (episode,) = LeRobotFiles(out).episodes
    told = json.loads(episode["calibrations"])
    assert list(told) == ["front"]
    assert told["front"]["intrinsics"] == [[2, 0, 0], [0, 2, 0], [0, 0, 1]]
    assert (told["front"]["mount"], told["front"]["pose"]) == ("base", np.eye(4).tolist())
    assert (told["front"]["height"], told["front"]["width"]) == twice
