"""An archived take is the same take with smaller pictures; a kill leaves it as it was."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import cv2
import h5py
import numpy as np
import pytest
from still_cameras import still_cameras

from teachloop.datasets.archive_take import NotArchived, archive_take
from teachloop.datasets.errors import TakeDamaged, WrongRecord
from teachloop.datasets.quality.same_pictures import same_pictures
from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.checksum import verify, write_checksum
from teachloop.datasets.takes.computed import computed_folder
from teachloop.datasets.takes.format import ARCHIVED
from teachloop.datasets.takes.jpeg import decode_jpeg, encode_jpeg
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.recover import recover
from teachloop.datasets.takes.take_folder import ARCHIVING, TAKE
from teachloop.datasets.takes.trash import put_in_bin
from teachloop.datasets.takes.video_coding import VideoCoding
from teachloop.recorder.devices.interfaces import RobotState

FRAMES = 9
SIZE = 96, 128


def scene(number: int) -> np.ndarray:
    """A disc that goes to the right over a slope of grey, with a camera's noise."""
    rng = np.random.default_rng(number)
    image = np.repeat(np.linspace(60, 180, SIZE[1]).astype(np.uint8)[None], SIZE[0], 0)
    image = np.repeat(image[:, :, None], 3, 2)
    cv2.circle(image, (20 + 10 * number, 48), 12, (200, 60, 40), -1)
    return np.clip(image + rng.normal(0, 2, image.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def folder(recording, pose):
    """A take whose fourth picture came twice; its wrist camera measures depth."""
    height, width = SIZE
    with recording.writer(
        cameras=still_cameras(width, height), robot_measures=("errors",)
    ) as writer:
        for tick in range(FRAMES):
            now = 1_000_000_000 + 50_000_000 * tick
            writer.append_robot(
                RobotState(
                    time_ns=now,
                    device_time_ns=tick,
                    joint_positions_rad=np.full(7, 0.1 * tick),
                    joint_velocities_rad_s=np.full(7, 0.2),
                    ee_pose=pose(tick),
                    gripper_width_m=0.08,
                )
            )
            writer.append_robot_errors(now, ["reflex"] if tick > 3 else [])
            jpeg = encode_jpeg(scene(tick - (tick == 4)))
            for camera in ("front", "wrist"):
                writer.append_frame(camera, tick, now, tick, jpeg)
            writer.append_depth("wrist", tick, now, tick, np.full(SIZE, 500 + tick, np.uint16))
            action = Action(ee_pose=pose(tick), gripper=1.0, decided_by=Decider.OPERATOR)
            writer.append_action(now, action, action)
            writer.append_simulation(tick, now, np.arange(5.0) + tick)
            writer.append_event(now, "mark", f"{tick} ✋")
        return writer.finish(health={"late": 0}).parent


def streams_of(folder: Path) -> list[object]:
    """All of a take but its pictures."""
    with Take.open(folder, damaged_too=True) as take:
        arrays = [take.robot, take.actions, take.simulation, take.depths["wrist"]]
        depths = [take.depth_image("wrist", index) for index in range(FRAMES)]
        times = [(each.number, each.time_ns, each.device_time_ns) for each in take.frames.values()]
        info = {**take.info.to_dict(), "video": None}
        return [*map(asdict, arrays), depths, times, info, take.events, take.robot_errors]


def test_only_the_pictures_change_and_they_are_nearly_the_same(folder) -> None:
    before = streams_of(folder)
    with Take.open(folder) as take:
        recorded = [take.image("front", index) for index in range(FRAMES)]
    told: list[float] = []
    done = archive_take(folder, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    np.testing.assert_equal(streams_of(folder), before)
    assert check(folder) == []
    assert done.bytes_after < done.bytes_before
    with Take.open(folder) as take:
        assert take.info.video is not None
        worst = min(cv2.PSNR(image, take.image("front", n)) for n, image in enumerate(recorded))
    assert worst >= done.least_psnr_db > 35


def test_pictures_are_the_same_in_whatever_order_they_are_looked_at(folder) -> None:
    archive_take(folder)
    with Take.open(folder) as take:
        in_order = [take.image("front", index) for index in range(FRAMES)]
        for index in np.random.default_rng(0).permutation(FRAMES):
            np.testing.assert_array_equal(take.image("front", int(index)), in_order[index])
            assert take.image_at_least("front", int(index), 8, 8).shape[0] >= 8
        jpeg = decode_jpeg(take.jpeg("front", 3))
        assert cv2.PSNR(jpeg, in_order[3]) > 35
        with pytest.raises(IndexError):
            take.image("front", FRAMES)


def test_which_pictures_came_twice_is_known_as_before(folder) -> None:
    with Take.open(folder) as take:
        before = same_pictures(take, "front")
    assert before.tolist() == [index == 4 for index in range(FRAMES)]
    archive_take(folder)
    with Take.open(folder) as take:
        np.testing.assert_array_equal(same_pictures(take, "front"), before)


@pytest.mark.parametrize("share", [0.2, 0.7])
def test_a_stop_leaves_the_take_as_it_was(folder, share: float) -> None:
    before = (folder / TAKE).read_bytes()

    def stop(done: float) -> None:
        if done > share:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        archive_take(folder, stop)
    assert (folder / TAKE).read_bytes() == before
    assert not (folder / ARCHIVING).exists()


def test_a_kill_leaves_half_a_file_that_recovery_removes(folder) -> None:
    before = (folder / TAKE).read_bytes()
    (folder / ARCHIVING).write_bytes(b"half")
    assert check(folder) == []
    assert recover(folder.parent) == []
    assert (folder / TAKE).read_bytes() == before
    assert not (folder / ARCHIVING).exists()


@pytest.mark.parametrize("share", [0.2, 0.7])
def test_a_kill_while_it_is_archived_loses_nothing(folder, share: float) -> None:
    before = (folder / TAKE).read_bytes()
    program = (
        "import os, sys; from pathlib import Path; "
        "from teachloop.datasets.archive_take import archive_take; "
        f"archive_take(Path(sys.argv[1]), lambda done: done > {share} and os.kill(os.getpid(), 9))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder)], check=False)
    assert done.returncode == -9
    assert (folder / TAKE).read_bytes() == before
    assert (folder / ARCHIVING).exists()
    recover(folder.parent)
    assert not (folder / ARCHIVING).exists()
    assert archive_take(folder).bytes_after < len(before)


def test_what_would_be_no_gain_stays(folder, recording) -> None:
    with pytest.raises(NotArchived, match="no smaller"):
        archive_take(coloured_noise(recording, 127), video=VideoCoding(quantizer=0, key_every=1))
    archive_take(folder)
    with pytest.raises(NotArchived, match="already"):
        archive_take(folder)
    with pytest.raises(NotArchived, match="no pictures"):
        archive_take(recording.take(0).parent)
    put_in_bin(folder, "Ada")
    with pytest.raises(NotArchived, match="in the bin"):
        archive_take(folder)
    with pytest.raises(NotArchived, match="lose too much"):
        archive_take(coloured_noise(recording, 128))


def coloured_noise(recording, width: int) -> Path:
    """Pictures of which, at even sizes, three of four colours would be lost."""
    rng = np.random.default_rng(0)
    with recording.writer(cameras=still_cameras(width, 96)) as writer:
        for number in range(4):
            noise = rng.integers(0, 255, (96, width, 3), np.uint8)
            writer.append_frame("front", number, number + 1, number, encode_jpeg(noise))
        return writer.finish().parent


def test_a_damaged_take_is_not_archived(folder) -> None:
    path = folder / TAKE
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(TakeDamaged, match="checksum"):
        archive_take(folder)
    assert path.read_bytes() == content


def test_a_damaged_packet_is_told_and_costs_no_other_group(folder) -> None:
    archive_take(folder)
    with Take.open(folder) as take:
        whole = [take.image("front", index) for index in range(FRAMES)]
        start, length = int(take.frames["front"].offset[2]), int(take.frames["front"].length[2])
    with h5py.File(folder / TAKE, "r+") as file:
        packets = file["cameras/front/video"]
        assert isinstance(packets, h5py.Dataset)
        packets[start : start + length] = 255
    with Take.open(folder) as take:
        with pytest.raises(WrongRecord):
            take.image("front", 2)
        np.testing.assert_array_equal(take.image("front", 4), whole[4])
        np.testing.assert_array_equal(take.image("front", 1), whole[1])
    (finding,) = check(folder)
    assert "checksum differs" in finding.what


def test_pictures_of_odd_sizes_are_archived(recording) -> None:
    with recording.writer(cameras=still_cameras(125, 93)) as writer:
        for number in range(20):
            image = np.ascontiguousarray(scene(number % FRAMES)[:93, :125])
            writer.append_frame("front", number, number + 1, number, encode_jpeg(image))
        folder = writer.finish().parent
    archive_take(folder)
    with Take.open(folder) as take:
        assert take.image("front", 5).shape == (93, 125, 3)
    verify(folder / TAKE)


def test_a_take_that_is_marked_as_damaged_stays_so(folder, recording) -> None:
    with recording.writer(cameras=still_cameras(128, 96)) as writer:
        for number in range(FRAMES):
            writer.append_frame("front", number, number + 1, number, encode_jpeg(scene(number)))
        marked = writer.finish(damaged="a stream was lost").parent
    archive_take(marked)
    with Take.open(marked, damaged_too=True) as take:
        assert take.info.damaged == "a stream was lost"
        assert take.info.video is not None


def test_a_file_that_is_linked_from_elsewhere_stays(folder, tmp_path) -> None:
    path, elsewhere = folder / TAKE, tmp_path / "elsewhere.h5"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    with pytest.raises(NotArchived, match="linked"):
        archive_take(folder)


def test_what_was_computed_of_the_old_pictures_is_forgotten(folder) -> None:
    computed = computed_folder(folder)
    computed.mkdir(parents=True)
    archive_take(folder)
    assert not computed.exists()


def change_description(folder: Path, **values: object) -> None:
    """As whoever wrote a file with its checksum could have it."""
    with h5py.File(folder / TAKE, "r+") as file:
        for name, value in values.items():
            text = json.dumps(value).encode()
            file.attrs[name] = np.array(text, h5py.string_dtype("utf-8", len(text)))
    write_checksum(folder / TAKE, version=ARCHIVED)


@pytest.mark.parametrize(
    "video",
    [{"codec": "mpeg4"}, {"key_every": 0}, {"key_every": "2"}, {"quantizer": True}, {"more": 1}, 7],
    ids=str,
)
def test_another_coding_than_ours_is_refused(folder, video: object) -> None:
    archive_take(folder)
    change_description(folder, video=video)
    with pytest.raises(TakeDamaged, match="video"):
        Take.open(folder)


def test_a_picture_larger_than_any_camera_s_is_not_decoded(folder) -> None:
    archive_take(folder)
    with Take.open(folder) as take:
        cameras = {name: camera.to_dict() for name, camera in take.info.cameras.items()}
    cameras["front"] |= {"width": 16000, "height": 16000}
    change_description(folder, cameras=cameras)
    with Take.open(folder) as take, pytest.raises(WrongRecord, match="more than any camera"):
        take.image("front", 0)


def test_no_take_is_recorded_as_archived(recording) -> None:
    with pytest.raises(WrongRecord, match="recorded as JPEG"):
        recording.writer(video=VideoCoding())
