"""Whatever happened to a file, `check` says what, and never raises."""

import json
import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from teachloop.datasets.errors import NotATake, TakeDamaged, TakeMissing, WrongSchema
from teachloop.datasets.labels.edit_log import EditLog
from teachloop.datasets.labels.edits import SetMask, SetNote
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, Rle
from teachloop.datasets.takes.check import Finding, check
from teachloop.datasets.takes.checksum import write_checksum
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.take_folder import PARTIAL
from teachloop.runtime.errors import TeachloopError


def words(faults: list[Finding]) -> str:
    return "\n".join(str(fault) for fault in faults)


def change(path: Path, how: Callable[[Any], object]) -> None:
    """Change a take's content and seal it again, as a wrong writer would have."""
    with h5py.File(path, "r+") as file:
        how(file)
    write_checksum(path)


def test_whole_take_has_no_fault(recording) -> None:
    path = recording.take(5)
    assert check(path) == []
    assert check(path.parent) == []
    assert check(recording.takes) == []
    assert check(recording.takes.parent) == []


def test_any_flipped_byte_is_found(recording, tmp_path: Path) -> None:
    content = recording.take(4).read_bytes()
    draw = random.Random(0)
    places = [*range(0, 560, 11), *(draw.randrange(len(content)) for _ in range(80))]
    flipped = tmp_path / "take.h5"
    for place in places:
        byte = content[place] ^ (1 << draw.randrange(8))
        flipped.write_bytes(content[:place] + bytes([byte]) + content[place + 1 :])
        assert check(flipped), f"byte {place}"


def test_take_cut_short_anywhere_is_found_and_does_not_open(recording, tmp_path: Path) -> None:
    content = recording.take(4).read_bytes()
    cut = tmp_path / "take.h5"
    for length in (0, 1, 20, 511, 512, 600, len(content) // 2, len(content) - 1):
        cut.write_bytes(content[:length])
        assert check(cut), f"{length} bytes"
        with pytest.raises((TakeDamaged, NotATake)):
            Take.open(cut)
    assert "cut short" in words(check(cut))


def test_take_that_grew_is_found(recording) -> None:
    path = recording.take(2)
    path.write_bytes(path.read_bytes() + b"\0")
    assert "made longer" in words(check(path))


@pytest.mark.parametrize("seed", range(2))
def test_no_content_makes_more_than_our_own_errors(recording, tmp_path: Path, seed: int) -> None:
    """Flips below a valid seal, so that they reach HDF5 and our own reading of it."""
    content = recording.take(6).read_bytes()
    draw = random.Random(seed)
    path = tmp_path / "take.h5"
    for _ in range(25):
        flipped = bytearray(content)
        for _ in range(draw.choice([1, 1, 8])):
            flipped[draw.randrange(512, draw.choice([3000, len(content)]))] = draw.randrange(256)
        path.write_bytes(flipped)
        write_checksum(path)
        check(path)
        try:
            read_everything(path)
        except TeachloopError:
            continue


def read_everything(path: Path) -> None:
    with Take.open(path, damaged_too=True) as take:
        _ = take.robot, take.actions, take.events, take.simulation
        for camera, frames in take.frames.items():
            for index in range(len(frames)):
                take.image(camera, index)
                take.depth(camera, index)


def test_other_schema_version_is_named(recording) -> None:
    path = recording.take(2)
    change(path, lambda file: file.attrs.modify("schema_version", 7))
    assert "schema 7" in words(check(path))
    with pytest.raises(WrongSchema, match="this teachloop reads 1 and 2"):
        Take.open(path)


def test_other_schema_version_is_named_without_its_seal(recording) -> None:
    path = recording.take(2)
    with h5py.File(path, "r+") as file:
        file.attrs.modify("schema_version", 7)
    assert "schema 7" in words(check(path))


def test_version_of_the_first_line_is_named(recording) -> None:
    path = recording.take(2)
    path.write_bytes(path.read_bytes().replace(b"teachloop take 1", b"teachloop take 3", 1))
    assert "schema '3'" in words(check(path))


def test_a_recorded_take_is_not_said_to_be_archived(recording) -> None:
    path = recording.take(2)
    path.write_bytes(path.read_bytes().replace(b"teachloop take 1", b"teachloop take 2", 1))
    assert "said to be of two schemas" in words(check(path))
    with pytest.raises(TakeDamaged, match="two schemas"):
        Take.open(path)


def test_what_is_no_take_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "take.h5"
    for content in (b"", b"hello", b"PK\x03\x04" * 500, bytes(4096)):
        path.write_bytes(content)
        assert "is not a take" in words(check(path))
    path.unlink()
    with h5py.File(path, "w") as file:
        file["data/demo_0/actions"] = np.zeros((3, 7))
    assert "HDF5" in words(check(path))
    with pytest.raises(NotATake):
        Take.open(path)


def test_missing_path_is_a_fault(tmp_path: Path) -> None:
    assert "there is nothing" in words(check(tmp_path / "nowhere"))
    with pytest.raises(TakeMissing):
        Take.open(tmp_path / "nowhere" / "take.h5")


def test_folder_without_takes_is_a_fault(tmp_path: Path) -> None:
    assert "no take is in it" in words(check(tmp_path))


def test_empty_data_folder_has_no_fault(tmp_path: Path) -> None:
    (tmp_path / "takes").mkdir()
    assert check(tmp_path) == []


@pytest.mark.parametrize("rows", [3, 5, 10**12])
def test_index_rows_that_are_not_frames_are_found(recording, rows: int) -> None:
    path = recording.take(4)
    change(path, lambda file: file["cameras/front/index"].resize((rows,)))
    assert "cameras/front" in words(check(path))
    with pytest.raises(TakeDamaged, match="cameras/front"):
        Take.open(path)


@pytest.mark.parametrize("name", ["robot/samples", "simulation/qpos", "closing"])
def test_hostile_size_is_refused_before_it_is_read(recording, name: str) -> None:
    path = recording.take(4)
    change(path, lambda file: file[name].resize((10**14,)))
    assert "more than the file holds" in words(check(path))


def test_missing_stream_and_other_types_are_found(recording) -> None:
    path = recording.take(4)
    change(path, lambda file: file.__delitem__("actions/samples"))
    assert "actions/samples" in words(check(path))
    change(path, lambda file: file["actions"].create_dataset("samples", data=np.zeros(3)))
    assert "another type" in words(check(path))


def test_offsets_beyond_the_bytes_are_found(recording) -> None:
    path = recording.take(4)

    def move(file: Any) -> None:
        rows = file["cameras/wrist/index"][:]
        rows["length"][2] = 2**40
        file["cameras/wrist/index"][:] = rows

    change(path, move)
    assert "whole records" in words(check(path))


def test_image_of_another_size_or_none_is_found(recording) -> None:
    path = recording.take(4)

    def blacken(file: Any) -> None:
        file["cameras/front/jpeg"][:] = 0

    change(path, blacken)
    assert "4 frames of 'front', first 0, are no 32 × 24 picture" in words(check(path))


def test_time_that_runs_backwards_is_found(recording) -> None:
    times = [1_000_000_000, 1_100_000_000, 1_050_000_000]
    assert "run backwards" in words(check(recording.take(3, times_ns=times)))


def test_a_take_in_which_nothing_was_recorded_is_found(recording) -> None:
    found = words(check(recording.take(0)))
    for stream in ("robot", "actions", "camera 'front'", "camera 'wrist'"):
        assert f"it holds nothing of {stream}" in found


def test_a_camera_that_never_sent_a_picture_is_found(recording) -> None:
    (fault,) = check(recording.take(4, dropped={"front": set(range(4))}))
    assert fault.what == "it holds nothing of camera 'front'"


def test_an_edit_that_is_being_appended_is_no_torn_line(recording) -> None:
    folder = recording.take(2).parent
    labels = Labels.open(folder)
    labels.apply([SetNote("grasps late")], 0, "Ada")
    log = folder / "labels" / "edits.jsonl"
    line = log.read_bytes()
    with EditLog(log).appending() as descriptor:
        os.pwrite(descriptor, b"half", len(line))
        checking = threading.Thread(target=lambda: found.extend(check(folder)))
        found: list[Finding] = []
        checking.start()
        time.sleep(0.3)
        os.ftruncate(descriptor, len(line))
    checking.join()
    assert found == []


def test_marked_take_is_named_with_its_reason(recording) -> None:
    with recording.writer() as writer:
        path = writer.finish(damaged="the camera was covered")
    assert "the camera was covered" in words(check(path))


def test_leftover_recording_is_found_in_a_data_folder(recording) -> None:
    recording.take(2)
    path = recording.take(2)
    path.rename(path.with_name(PARTIAL))
    (fault,) = check(recording.takes.parent)
    assert fault.path == path.parent
    assert "teachloop recover" in fault.hint


def test_each_take_of_a_data_folder_is_checked(recording) -> None:
    first, second = recording.take(2), recording.take(2)
    for path in (first, second):
        path.write_bytes(path.read_bytes()[:-1])
    assert {fault.path for fault in check(recording.takes.parent)} == {first, second}


def test_flipped_byte_in_the_labels_is_found(recording) -> None:
    folder = recording.take(2).parent
    labels = Labels.open(folder)
    labels.apply([SetNote("grasps late")], 0, "Ada")
    labels.apply([SetNote("grasps well")], 1, "Ada")
    log = folder / "labels" / "edits.jsonl"
    content = log.read_bytes()
    assert check(folder) == []
    for place in range(0, len(content), 11):
        log.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        assert check(folder), f"byte {place}"


def test_snapshot_that_is_not_the_logs_is_found(recording) -> None:
    folder = recording.take(2).parent
    labels = Labels.open(folder)
    labels.apply([SetNote("grasps late")], 0, "Ada")
    labels.save_snapshot()
    assert check(folder) == []
    path = folder / "labels" / "snapshot.json"
    values = json.loads(path.read_text())
    values["snapshot"]["note"] = "forged"
    path.write_text(json.dumps(values))
    assert "not what the log says" in words(check(folder))


def test_mask_that_does_not_fill_its_size_is_found(recording) -> None:
    folder = recording.take(2).parent
    mask = MaskRecord(rle=Rle(24, 32, "0"), source=MaskSource.HUMAN)
    Labels.open(folder).apply([SetMask("front", 0, "red cube", mask)], 0, "Ada")
    assert "do not fill" in words(check(folder))
