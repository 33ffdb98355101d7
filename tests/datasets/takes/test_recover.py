"""A kill at any moment loses at most the last tick; so does a kill of the recovery."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from keep_recording import DEPTH_MM

from teachloop.datasets.takes import take_folder
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.checksum import UNFINISHED, mark_unfinished
from teachloop.datasets.takes.hdf5_repair import clear_writer_marks
from teachloop.datasets.takes.interrupted_copy import INTERRUPTED
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.recover import recover
from teachloop.datasets.takes.take_folder import LOCK, NEW, PARTIAL, RECOVERED, TAKE

CHILD = Path(__file__).parents[1] / "keep_recording.py"
RECOVER = (
    "import sys, pathlib; from teachloop.datasets.takes.recover import recover; "
    "recover(pathlib.Path(sys.argv[1]))"
)


def kill_a_recording(takes: Path, after_s: float) -> tuple[Path, int]:
    """Record in a process of its own and kill -9 it: the folder, and the last flushed tick."""
    child = subprocess.Popen(
        [sys.executable, str(CHILD), str(takes)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    folder = Path(child.stdout.readline().strip())
    time.sleep(after_s)
    child.send_signal(signal.SIGKILL)
    lines = child.stdout.read().splitlines()
    child.wait()
    whole = [line.split() for line in lines if len(line.split()) == 2]
    return folder, int(whole[-1][0]) if whole else 0


def assert_whole(folder: Path, last_flushed: int) -> None:
    empty = "holds nothing of"
    assert not [each for each in check(folder) if last_flushed or empty not in each.what]
    assert os.listdir(folder) == [TAKE]
    with Take.open(folder) as take:
        assert take.info.interrupted == INTERRUPTED
        assert take.info.duration_s > 0 or last_flushed == 0
        expected = len(take.actions.time_ns)
        assert last_flushed <= expected
        assert len(take.robot.time_ns) >= last_flushed
        assert len(take.simulation.number) >= last_flushed
        for camera, frames in take.frames.items():
            assert len(frames) >= last_flushed
            np.testing.assert_array_equal(frames.number, np.arange(1, len(frames) + 1))
            for index in range(max(0, len(frames) - 3), len(frames)):
                assert take.image(camera, index).shape == (96, 96, 3)
        depths = take.depths["wrist"]
        assert len(depths) >= last_flushed
        for index in range(max(0, len(depths) - 3), len(depths)):
            measured = take.depth("wrist", index)
            np.testing.assert_array_equal(measured, np.roll(DEPTH_MM, index + 1, 1))


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.2, 0.31, 0.43, 0.57])
def test_killed_recording_keeps_all_that_was_flushed(tmp_path: Path, after_s: float) -> None:
    folder, last_flushed = kill_a_recording(tmp_path, after_s)
    assert (folder / PARTIAL).exists()
    assert len(recover(tmp_path)) == 1
    assert_whole(folder, last_flushed)
    assert recover(tmp_path) == []


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A killed recording that is not recovered yet."""
    return kill_a_recording(tmp_path_factory.mktemp("takes"), 1.0)


@pytest.fixture
def left(killed: tuple[Path, int], tmp_path: Path) -> tuple[Path, int]:
    """A copy of it, for one test."""
    shutil.copytree(killed[0], tmp_path / killed[0].name)
    return tmp_path / killed[0].name, killed[1]


@pytest.mark.parametrize("after_s", [0.0, 0.002, 0.005, 0.01, 0.02])
def test_killed_recovery_is_finished_by_the_next(left: tuple[Path, int], after_s: float) -> None:
    folder, last_flushed = left
    child = subprocess.Popen([sys.executable, "-c", RECOVER, str(folder.parent)])
    while child.poll() is None and not (folder / RECOVERED).exists():
        time.sleep(0.0005)
    time.sleep(after_s)
    child.kill()
    child.wait()
    assert (folder / PARTIAL).exists() or (folder / TAKE).exists()
    recover(folder.parent)
    assert_whole(folder, last_flushed)


def test_depth_of_an_image_that_was_torn_goes_with_it(left: tuple[Path, int]) -> None:
    folder, _ = left
    clear_writer_marks(folder / PARTIAL)
    with h5py.File(folder / PARTIAL, "r+") as opened:
        camera: Any = opened["cameras/wrist"]
        place = camera["index"][-3]
        camera["jpeg"][int(place["offset"])] ^= 0xFF
    recover(folder.parent)
    assert check(folder) == []
    with Take.open(folder) as take:
        assert take.frames["wrist"].number[-1] == place["number"] - 1
        assert take.depths["wrist"].number[-1] == place["number"] - 1


def test_half_written_recovery_is_made_again(left: tuple[Path, int]) -> None:
    folder, last_flushed = left
    (folder / RECOVERED).write_bytes(UNFINISHED + b"half of a file")
    recover(folder.parent)
    assert_whole(folder, last_flushed)


def test_partial_beside_its_finished_recovery_is_removed(left: tuple[Path, int]) -> None:
    folder, last_flushed = left
    before = (folder / PARTIAL).read_bytes()
    recover(folder.parent)
    recovered = (folder / TAKE).read_bytes()
    (folder / PARTIAL).write_bytes(before)
    recover(folder.parent)
    assert (folder / TAKE).read_bytes() == recovered
    assert_whole(folder, last_flushed)


def test_partial_outlives_a_recovery_that_was_damaged(left: tuple[Path, int]) -> None:
    folder, last_flushed = left
    (folder / TAKE).write_bytes(b"not whole")
    recover(folder.parent)
    assert_whole(folder, last_flushed)


def test_kill_between_seal_and_rename_leaves_a_complete_take(recording) -> None:
    path = recording.take(3)
    path.rename(path.with_name(PARTIAL))
    recover(recording.takes)
    with Take.open(path) as take:
        assert take.info.interrupted == ""


def test_kill_before_the_seal_is_an_interruption(recording) -> None:
    path = recording.take(3)
    path.rename(path.with_name(PARTIAL))
    mark_unfinished(path.with_name(PARTIAL))
    recover(recording.takes)
    with Take.open(path) as take:
        assert take.info.interrupted == INTERRUPTED
        assert len(take.frames["front"]) == 3
    assert check(path.parent) == []


def test_kill_before_the_first_row_leaves_nothing(recording) -> None:
    folder = recording.takes / "20261122-154312-0000"
    folder.mkdir(parents=True)
    (folder / NEW).write_bytes(b"half a header")
    (folder / LOCK).touch()
    recover(recording.takes)
    assert not folder.exists()


def test_recording_of_a_living_process_is_left_alone(recording) -> None:
    with recording.writer() as writer:
        writer.append_event(1, "mark")
        child = subprocess.run([sys.executable, "-c", RECOVER, str(recording.takes)], timeout=60)
        assert child.returncode == 0
        assert recover(recording.takes) == []
        assert check(writer.folder) == []
        path = writer.finish()
    with Take.open(path) as take:
        assert len(take.events) == 1


def test_unreadable_partial_is_kept_and_said(recording) -> None:
    path = recording.take(2)
    partial = path.with_name(PARTIAL)
    path.unlink()
    partial.write_bytes(b"\0" * 5000)
    (done,) = recover(recording.takes)
    assert "kept" in done.what
    assert partial.stat().st_size == 5000
    assert check(path.parent) != []


def test_torn_last_frame_is_left_out(left: tuple[Path, int]) -> None:
    """Zeros in the last image, as a write leaves that was killed between two pages."""
    folder, _ = left
    content = bytearray((folder / PARTIAL).read_bytes())
    end = content.rfind(b"\xff\xd9")
    content[end - 3000 : end + 2] = bytes(3002)
    (folder / PARTIAL).write_bytes(content)
    recover(folder.parent)
    assert check(folder) == []


def test_recovery_on_a_full_disk_keeps_everything(
    left: tuple[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, last_flushed = left
    before = (folder / PARTIAL).read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(take_folder, "RESERVE_BYTES", 1 << 60)
        (done,) = recover(folder.parent)
        assert "Make room" in done.what
    assert (folder / PARTIAL).read_bytes() == before
    recover(folder.parent)
    assert_whole(folder, last_flushed)
