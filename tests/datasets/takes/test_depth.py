"""Depth comes back to the last bit, with the frame it was measured with, or says why not."""

import json
import random
import time
from typing import Any

import h5py
import numpy as np
import pytest
import zstandard

from teachloop.datasets.errors import TakeDamaged, WrongRecord
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.checksum import write_checksum
from teachloop.datasets.takes.depth import decode_depth, encode_depth, to_millimetres
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.camera import Camera


def test_depth_comes_back_with_its_frame(recording, depth_mm) -> None:
    path = recording.take(6, dropped={"wrist": {2}})
    with Take.open(path) as take:
        assert list(take.depths) == ["wrist"]
        for index, number in enumerate([0, 1, 3, 4, 5]):
            measured = take.depth("wrist", index)
            assert measured is not None
            assert measured.dtype == np.uint16
            np.testing.assert_array_equal(measured, depth_mm(number))
        assert take.depth("front", 0) is None
        with pytest.raises(IndexError, match="no frame 5"):
            take.depth("wrist", 5)


def test_a_frame_whose_depth_never_came_has_none(recording, depth_mm) -> None:
    with recording.writer() as writer:
        for number in range(3):
            writer.append_frame("wrist", number, 10 + number, 0, JPEG)
            if number != 1:
                writer.append_depth("wrist", number, 10 + number, 0, depth_mm(number))
    with Take.open(writer.path) as take:
        found = [take.depth("wrist", index) for index in range(3)]
    assert found[1] is None
    np.testing.assert_array_equal(found[2], depth_mm(2))
    assert not [fault for fault in check(writer.path) if "depth" in fault.what]


@pytest.mark.parametrize(
    ("camera", "depth", "words"),
    [
        ("front", np.zeros((24, 32), np.uint16), "measures no depth"),
        ("side", np.zeros((24, 32), np.uint16), "Its cameras: front, wrist"),
        ("wrist", np.zeros((32, 24), np.uint16), r"\(24, 32\)"),
        ("wrist", np.zeros((24, 32), np.float32), "not uint16"),
    ],
)
def test_what_is_no_depth_of_the_camera_is_refused(recording, camera, depth, words) -> None:
    with recording.writer() as writer, pytest.raises(WrongRecord, match=words):
        writer.append_depth(camera, 0, 1, 1, depth)


def test_metres_become_millimetres_and_the_unknown_becomes_nothing() -> None:
    metres = np.array([[0.0004, 0.0006, 1.2344, 65.5], [np.nan, np.inf, -1.0, 70.0]], np.float32)
    assert to_millimetres(metres).tolist() == [[0, 1, 1234, 65500], [0, 0, 0, 0]]


JPEG = encode_jpeg(np.zeros((24, 32, 3), np.uint8))
NOISE = np.random.default_rng(0).integers(300, 9000, (24, 32), np.uint16)
WHOLE = encode_depth(NOISE)
BOMB = zstandard.ZstdCompressor(write_checksum=True).compress(bytes(1 << 26))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\0" * 40,
        WHOLE[:-1],
        WHOLE + b"\0",
        encode_depth(np.zeros((24, 33), np.uint16)),
        BOMB,
        zstandard.ZstdCompressor(write_checksum=False).compress(NOISE.tobytes()),
        zstandard.ZstdCompressor().compressobj().compress(b"no size"),
    ],
    ids=["empty", "zeros", "torn", "longer", "other size", "bomb", "unchecked", "sizeless"],
)
def test_what_is_no_whole_depth_is_refused(payload: bytes) -> None:
    with pytest.raises(WrongRecord, match="depth image"):
        decode_depth(payload, 24, 32)


def test_no_flipped_bit_changes_a_depth_unseen() -> None:
    draw = random.Random(0)
    for _ in range(300):
        flipped = bytearray(WHOLE)
        flipped[draw.randrange(len(WHOLE))] ^= 1 << draw.randrange(8)
        try:
            np.testing.assert_array_equal(decode_depth(bytes(flipped), 24, 32), NOISE)
        except WrongRecord:
            continue


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    began = time.process_time()
    for _ in range(500):
        with pytest.raises(WrongRecord, match=f"of {1 << 26}"):
            decode_depth(BOMB, 24, 32)
    assert time.process_time() - began < 1.0  # unpacking takes 10 ms each


@pytest.mark.parametrize(("number", "time_ns"), [(5, 11), (1, 12)])
def test_a_depth_that_goes_with_no_frame_is_told(recording, depth_mm, number, time_ns) -> None:
    with recording.writer() as writer:
        for frame in range(2):
            writer.append_frame("wrist", frame, 10 + frame, 0, JPEG)
        writer.append_depth("wrist", number, time_ns, 0, depth_mm(1))
    (fault,) = (each for each in check(writer.path) if "depths" in each.what)
    assert f"1 depths of 'wrist', first of number {number}, go with no frame" in fault.what


def test_a_damaged_depth_is_named_and_costs_no_other(recording, depth_mm) -> None:
    path = recording.take(4)
    with h5py.File(path, "r+") as opened:
        depth: Any = opened["cameras/wrist/depth"]
        depth["zstd"][int(depth["index"]["offset"][2]) + 20] ^= 1
    write_checksum(path)
    (fault,) = check(path)
    assert "1 depths of 'wrist', first 2" in fault.what
    with Take.open(path) as take:
        np.testing.assert_array_equal(take.depth("wrist", 3), depth_mm(3))
        with pytest.raises(WrongRecord, match="Not a whole depth"):
            take.depth("wrist", 2)


def test_a_take_that_lost_its_depth_does_not_open(recording) -> None:
    path = recording.take(2)
    with h5py.File(path, "r+") as file:
        del file["cameras/wrist/depth"]
    write_checksum(path)
    with pytest.raises(TakeDamaged, match="depth"):
        Take.open(path)
    assert "depth" in str(check(path)[0])


def test_a_take_from_before_depth_still_opens(recording) -> None:
    path = recording.take(2)
    with h5py.File(path, "r+") as opened:
        file: Any = opened
        cameras = json.loads(file.attrs["cameras"])
        for camera in cameras.values():
            del camera["measures_depth"]
        file.attrs["cameras"] = np.bytes_(json.dumps(cameras))
        del file["cameras/wrist/depth"]
    write_checksum(path)
    assert check(path) == []
    with Take.open(path) as take:
        assert take.depths == {}
        assert take.depth("wrist", 0) is None


def test_a_camera_keeps_that_it_measures_depth(recording) -> None:
    for camera in recording.info("x").cameras.values():
        again = Camera.from_dict(json.loads(json.dumps(camera.to_dict())))
        assert again.measures_depth == (camera.name == "wrist")
