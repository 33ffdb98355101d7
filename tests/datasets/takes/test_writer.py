"""A take gives back what was appended, and nothing is appended that would not fit."""

import threading
import time
from dataclasses import replace

import h5py
import numpy as np
import pytest

from teachloop.datasets.embodiment import FRANKA_GRIPPER, Gripper
from teachloop.datasets.errors import DiskFull, TakeBusy, TakeDamaged, TakeNotWritable, WrongRecord
from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes import take_folder
from teachloop.datasets.takes.format import EVENT_ROW
from teachloop.datasets.takes.hdf5_validation import find
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.recorded_streams import Event
from teachloop.datasets.takes.take_folder import PARTIAL, new_take_folder
from teachloop.datasets.takes.writer import TakeWriter


def test_take_gives_back_what_was_appended(recording, pose, number_shown) -> None:
    with Take.open(recording.take(12)) as take:
        np.testing.assert_array_equal(take.robot.ee_pose[3], pose(3))
        np.testing.assert_allclose(take.robot.joint_positions_rad[:, 6], 0.1 * np.arange(12))
        np.testing.assert_array_equal(take.actions.applied_pose[3], pose(4))
        requested, applied = take.actions.requested_gripper, take.actions.applied_gripper
        assert requested is not None
        assert applied is not None
        assert (requested[0], applied[0]) == (0.5, 0.25)
        assert set(take.actions.decided_by) == {Decider.OPERATOR}
        assert set(take.actions.clipped) == {0b10}  # the second limit of the info
        np.testing.assert_array_equal(take.simulation.qpos[7], np.arange(5) + 7)
        for camera in ("front", "wrist"):
            shown = [number_shown(take.image(camera, index)) for index in range(12)]
            assert shown == list(take.frames[camera].number) == list(range(12))


def test_a_take_lasts_as_long_as_it_was_written(recording) -> None:
    with recording.writer() as writer:
        time.sleep(0.05)
    with Take.open(writer.folder) as take:
        assert 0.05 <= take.info.duration_s < 5


def test_take_describes_itself(recording) -> None:
    began = time.monotonic()
    path = recording.take(3, operator="Grace")
    took_s = time.monotonic() - began
    with Take.open(path.parent) as take:
        expected = recording.info(path.parent.name, operator="Grace")
        assert 0 <= take.info.duration_s <= took_s + 0.0005, "rounded to milliseconds"
        assert take.info.health == {"late": 0}
        assert take.info.cameras["wrist"].mount == "base"
        for name in ("take_id", "created", "instruction", "operator", "limits", "scene"):
            assert getattr(take.info, name) == getattr(expected, name)


def test_events_keep_their_text_in_any_language(recording) -> None:
    with recording.writer() as writer:
        writer.append_event(5, "mark", "hier griff er daneben ✋")
        writer.append_event(6, "fault")
        path = writer.finish()
    with Take.open(path) as take:
        assert take.events == (Event(5, "mark", "hier griff er daneben ✋"), Event(6, "fault", ""))


def test_take_without_any_row_opens(recording) -> None:
    with Take.open(recording.take(0)) as take:
        assert len(take.robot.time_ns) == 0
        assert len(take.frames["front"]) == 0
        assert take.simulation.qpos.shape == (0, 0)
        assert take.events == ()


def test_unflushed_rows_reach_the_file_within_a_tenth_of_a_second(recording) -> None:
    with recording.writer() as writer:
        appended = 0
        for _ in range(25):
            appended = time.monotonic_ns()
            writer.append_event(appended, "tick")
            time.sleep(0.01)
        with h5py.File(writer.folder / PARTIAL, "r", libver="latest", swmr=True) as file:
            newest = find(file, "events/index", EVENT_ROW)[-1]["time_ns"]
        assert appended - newest <= 100_000_000


def test_exception_keeps_the_take_and_marks_it_interrupted(recording) -> None:
    writer = recording.writer()
    with pytest.raises(ZeroDivisionError):
        _fail_while_recording(writer)
    with Take.open(writer.path) as take:
        assert take.info.interrupted == "ZeroDivisionError: division by zero"
        assert len(take.events) == 1


def test_full_disk_ends_the_take_while_it_can_still_be_finished(
    recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = recording.writer()
    with pytest.raises(DiskFull, match="Make room"):
        _record_until_full(writer, monkeypatch)
    with Take.open(writer.path) as take:
        assert take.info.interrupted.startswith("DiskFull")
        assert len(take.events) == 1
    with pytest.raises(DiskFull):
        recording.writer().__enter__()


def test_damaged_take_opens_only_on_demand(recording) -> None:
    with recording.writer() as writer:
        path = writer.finish(damaged="the camera was covered")
    with pytest.raises(TakeDamaged, match="the camera was covered"):
        Take.open(path)
    with Take.open(path, damaged_too=True) as take:
        assert take.info.damaged == "the camera was covered"


@pytest.mark.parametrize(
    ("camera", "jpeg", "said"),
    [("side", b"", "front, wrist"), ("front", b"\xff\xd8 torn", "whole JPEG")],
)
def test_wrong_frame_is_refused(recording, camera: str, jpeg: bytes, said: str) -> None:
    with recording.writer() as writer, pytest.raises(WrongRecord, match=said):
        writer.append_frame(camera, 0, 1, 1, jpeg)


def test_undeclared_limit_is_refused(recording) -> None:
    with recording.writer() as writer, pytest.raises(WrongRecord, match="gravity"):
        writer.append_action(1, _action(np.eye(4)), _action(np.eye(4)), ("gravity",))


@pytest.mark.parametrize(
    ("gripper", "given", "said"),
    [
        (None, 1.0, "This take has no gripper, and was given 1.0"),
        (FRANKA_GRIPPER, None, "This take has a gripper, and was given None"),
    ],
)
def test_a_gripper_is_said_of_a_take_that_has_one(
    recording, gripper: Gripper | None, given: float | None, said: str
) -> None:
    action = replace(_action(np.eye(4)), gripper=given)
    with recording.writer(gripper=gripper) as writer, pytest.raises(WrongRecord, match=said):
        writer.append_action(1, action, action, ())


def test_what_was_finished_is_not_finished_again(recording) -> None:
    with recording.writer() as writer:
        path = writer.finish(interrupted="enough")
        before = path.stat()
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    with Take.open(path) as take:
        assert take.info.interrupted == "enough"


def test_frame_index_outside_the_take_is_an_index_error(recording) -> None:
    with Take.open(recording.take(2)) as take:
        for index in (-1, 2):
            with pytest.raises(IndexError):
                take.jpeg("front", index)


def test_takes_of_the_same_instant_get_names_that_sort(recording) -> None:
    folders: list = []
    threads = [
        threading.Thread(target=lambda: folders.append(new_take_folder(recording.takes)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({folder.name for folder in folders}) == 8
    first, second = new_take_folder(recording.takes), new_take_folder(recording.takes)
    assert first.name < second.name


def test_only_one_process_writes_a_take(recording) -> None:
    with recording.writer() as writer, pytest.raises(TakeBusy):
        TakeWriter(writer.folder, writer.info).__enter__()


def test_finished_take_is_never_written_again(recording) -> None:
    path = recording.take(1)
    before = path.read_bytes()
    with pytest.raises(TakeNotWritable):
        TakeWriter(path.parent, recording.info(path.parent.name)).__enter__()
    assert path.read_bytes() == before


def test_tick_of_two_cameras_is_flushed_in_3_ms(recording) -> None:
    jpeg = twenty_kilobytes()
    spent = []
    with recording.writer() as writer:
        for tick in range(1, 200):
            begin = time.process_time()
            for camera in recording.camera_names:
                writer.append_frame(camera, tick, tick, tick, jpeg)
            writer.flush()
            spent.append(time.process_time() - begin)
    assert np.median(spent) < 0.003


def test_finishing_a_minute_costs_less_than_a_tenth_of_a_second(recording) -> None:
    """Of processor time; with the disk's, the station's benchmark allows 0.2 s."""
    jpeg = twenty_kilobytes()
    with recording.writer() as writer:
        for tick in range(1, 1201):
            for camera in recording.camera_names:
                writer.append_frame(camera, tick, tick, tick, jpeg)
        writer.flush()
        begin = time.process_time()
        path = writer.finish()
        spent = time.process_time() - begin
    assert path.stat().st_size > 40_000_000
    assert spent < 0.1


def twenty_kilobytes() -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (70, 90, 3)).astype(np.uint8)
    jpeg = encode_jpeg(noise)
    assert 15_000 < len(jpeg) < 30_000
    return jpeg


def _record_until_full(writer: TakeWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    with writer:
        writer.append_event(1, "mark")
        monkeypatch.setattr(take_folder, "RESERVE_BYTES", 1 << 60)
        writer.flush()


def _fail_while_recording(writer: TakeWriter) -> None:
    with writer:
        writer.append_event(1, "mark")
        _ = 1 / 0


def _action(ee_pose: np.ndarray) -> Action:
    return Action(ee_pose=ee_pose, gripper=1.0, decided_by=Decider.SCRIPT)
