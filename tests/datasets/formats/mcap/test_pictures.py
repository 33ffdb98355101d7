"""What cameras saw comes back as it was recorded."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from full_takes import CAMERA_POSE, DROPPED, HEIGHT, INTRINSICS, TICKS, WIDTH, depth_mm, full_take
from mcap_files import McapFile
from numbered_pictures import number_shown
from PIL import Image

from teachloop.datasets.formats.mcap.errors import TooManyObjects
from teachloop.datasets.formats.mcap.file import write_file
from teachloop.datasets.formats.mcap.options import McapOptions
from teachloop.datasets.formats.mcap.part import part_of
from teachloop.datasets.labels.edits import SetMask
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.rotations import from_quaternion

Export = Callable[..., McapFile]
HELD = [tick for tick in range(TICKS) if tick not in DROPPED]


def test_every_frame_of_every_camera_has_the_take_s_own_bytes(
    tmp_path: Path, export: Export
) -> None:
    file = export(full_take(tmp_path))
    with Take.open(tmp_path / "takes" / "full") as take:
        for camera, frames in take.frames.items():
            logged = file.of(f"/cameras/{camera}/image")
            assert [each.message.data for each in logged] == [
                take.jpeg(camera, index) for index in range(len(frames))
            ]
            assert [each.sequence for each in logged] == frames.number.tolist()
            stamps = (frames.time_ns + int(file.about["clock_offset_ns"])).tolist()
            assert [each.log_ns for each in logged] == stamps
            assert [each.publish_ns for each in logged] == stamps
            assert [each.stamp_ns for each in logged] == stamps
            about = {(each.message.format, each.message.frame_id) for each in logged}
            assert about == {("jpeg", f"camera/{camera}")}
    shown = [
        number_shown(np.asarray(Image.open(io.BytesIO(message.data), formats=["JPEG"])))
        for message in file.messages("/cameras/wrist/image")
    ]
    assert shown == HELD


def test_depth_comes_back_where_it_was_measured(tmp_path: Path, export: Export) -> None:
    file = export(full_take(tmp_path))
    logged = file.of("/cameras/wrist/depth")
    assert [each.sequence for each in logged] == HELD
    for tick, each in zip(HELD, logged, strict=True):
        message = each.message
        assert (message.encoding, message.width, message.height) == ("16UC1", WIDTH, HEIGHT)
        rows = np.frombuffer(message.data, "<u2").reshape(HEIGHT, message.step // 2)
        np.testing.assert_array_equal(rows, depth_mm(tick))
    assert not file.of("/cameras/front/depth")


def test_a_calibration_counts_pixels_from_the_middle_of_the_first(
    tmp_path: Path, export: Export
) -> None:
    file = export(full_take(tmp_path))
    (logged,) = file.of("/cameras/wrist/calibration")
    known = logged.message
    assert logged.log_ns == min(each.log_ns for each in file.logged)
    assert (known.width, known.height, known.frame_id) == (WIDTH, HEIGHT, "camera/wrist")
    expected = INTRINSICS - [[0, 0, 0.5], [0, 0, 0.5], [0, 0, 0]]
    np.testing.assert_array_equal(np.reshape(known.K, (3, 3)), expected)
    np.testing.assert_array_equal(np.reshape(known.P, (3, 4)), np.c_[expected, np.zeros(3)])
    np.testing.assert_array_equal(np.reshape(known.R, (3, 3)), np.eye(3))
    assert not list(known.D)


def test_cameras_stand_in_the_base_frame_or_at_the_tool(tmp_path: Path, export: Export) -> None:
    (message,) = export(full_take(tmp_path)).messages("/tf_static")
    parents = {each.child_frame_id: each.parent_frame_id for each in message.transforms}
    assert parents == {"camera/front": "base", "camera/wrist": "tool"}
    for each in message.transforms:
        where, turn = each.translation, each.rotation
        np.testing.assert_array_equal([where.x, where.y, where.z], CAMERA_POSE[:3, 3])
        matrix = from_quaternion([turn.x, turn.y, turn.z, turn.w])
        np.testing.assert_allclose(matrix, CAMERA_POSE[:3, :3], atol=1e-12)


def test_a_calibration_that_is_a_guess_is_not_told_as_one(tmp_path: Path, export: Export) -> None:
    file = export(full_take(tmp_path))
    assert len(file.of("/cameras/loose/image")) == TICKS
    assert not file.of("/cameras/loose/calibration")
    assert json.loads(file.about["cameras"])["loose"] == {"mount": "base", "calibrated": False}


def test_only_the_cameras_that_are_asked_for_are_written(tmp_path: Path, export: Export) -> None:
    file = export(full_take(tmp_path), cameras=("wrist",))
    seen = {each.topic.split("/")[2] for each in file.logged if "/cameras/" in each.topic}
    assert seen == {"wrist"}
    (message,) = file.messages("/tf_static")
    assert [each.child_frame_id for each in message.transforms] == ["camera/wrist"]


def _mask(*rows: slice) -> MaskRecord:
    inside = np.zeros((HEIGHT, WIDTH))
    for each in rows:
        inside[each, 5:30] = 1
    return MaskRecord(rle=encode(inside), source=MaskSource.HUMAN)


def test_masks_lie_beside_their_frames_pixel_by_pixel(tmp_path: Path, export: Export) -> None:
    full_take(tmp_path)
    cup, bin_ = _mask(slice(10, 20), slice(30, 33)), _mask(slice(15, 32))
    edits = (
        SetMask("wrist", 2, "cup", cup),
        SetMask("wrist", 2, "bin", bin_),
        SetMask("wrist", 5, "cup", _mask()),  # it is not to be seen
    )
    Labels.open(tmp_path / "takes" / "full").apply(edits, 0, "Ada")
    file = export("full")
    first, second = file.of("/cameras/wrist/masks")
    images = file.of("/cameras/wrist/image")
    assert [first.stamp_ns, second.stamp_ns] == [images[2].stamp_ns, images[5].stamp_ns]
    legend = {int(place): json.loads(names) for place, names in file.metadata[OBJECTS].items()}
    shown = [np.asarray(Image.open(io.BytesIO(each.message.data))) for each in (first, second)]
    for name, rows in (("cup", (*range(10, 20), *range(30, 33))), ("bin", range(15, 32))):
        places = [place for place, names in legend.items() if name in names]
        expected = np.zeros((HEIGHT, WIDTH), bool)
        expected[list(rows), 5:30] = True
        np.testing.assert_array_equal(np.isin(shown[0], places), expected)
    assert not shown[1].any()


OBJECTS = "teachloop.masks"


def test_more_objects_than_a_palette_has_places_are_refused(tmp_path: Path) -> None:
    full_take(tmp_path)
    masks = {("front", 0, f"object {n:03d}"): _mask(slice(n % 40, n % 40 + 1)) for n in range(300)}
    with Take.open(tmp_path / "takes" / "full") as take:
        part = part_of(take, Snapshot(masks=_apart(masks)), McapOptions())
        with pytest.raises(
            TooManyObjects, match=r"more than 255 objects.*Export its masks as COCO"
        ):
            write_file(tmp_path / "out.mcap", part, lambda share: None)


def _apart(masks: dict) -> dict:
    """Each of one pixel of its own."""
    apart = {}
    for number, key in enumerate(masks):
        inside = np.zeros((HEIGHT, WIDTH))
        inside.flat[number] = 1
        apart[key] = MaskRecord(rle=encode(inside), source=MaskSource.HUMAN)
    return apart
