"""Episodes of DROID become takes that say what they say, in the frames of ours."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from fuzzing.droid_episode import (
    AT_HAND,
    LENS,
    POINT,
    SERIALS,
    STANDS,
    TASK,
    UUID,
    DroidFile,
    closed_at,
    joints_at,
    point_at,
    save_episode,
)
from numbered_pictures import number_shown, picture

from teachloop.datasets.formats.droid.robot import poses_of
from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.take_import import ImportedTakes, import_takes
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.poses import pose_delta


def imported(data: Path, source: Path) -> ImportedTakes:
    return import_takes(data, source, ImportOptions(), lambda message, share: None)


def only(tmp_path: Path, how: DroidFile) -> Path:
    """The folder of its take."""
    save_episode(tmp_path / "droid" / "success" / "Fri_Oct_27_20:25:34_2023", how, picture)
    done = imported(tmp_path / "data", tmp_path / "droid")
    assert not done.left_out
    assert done.format == "droid"
    (take,) = done.takes
    return tmp_path / "data" / "takes" / take


def test_a_take_holds_what_the_episode_holds(tmp_path: Path) -> None:
    folder = only(tmp_path, DroidFile())
    assert check(folder) == []
    with Take.open(folder) as take:
        joints = np.array([joints_at(step) for step in range(20)])
        assert np.allclose(take.robot.joint_positions_rad, joints)
        assert (take.robot.joint_velocities_rad_s == 0.25).all()
        wanted = np.array([point_at(step) for step in range(20)])
        assert np.abs(pose_delta(take.robot.ee_pose, wanted)).max() < 1e-6
        ahead = np.array([point_at(step + 1) for step in range(20)])
        assert np.abs(pose_delta(take.actions.applied_pose, ahead)).max() < 1e-6
        opened = np.array([1 - closed_at(step) for step in range(20)])
        widths_m, asked = take.robot.gripper_width_m, take.actions.applied_gripper
        assert widths_m is not None
        assert asked is not None
        assert np.allclose(widths_m, 0.085 * opened)
        assert np.allclose(asked[:-1], opened[1:])
        info = take.info
    assert np.abs(pose_delta(info.tool.pose, POINT)).max() < 1e-6
    gripper = info.gripper
    assert gripper is not None
    assert (info.arm, gripper.driver, gripper.opening_m) == ("panda", "robotiq_2f85", 0.085)
    assert (info.rate_hz, info.operator, info.instruction) == (12.5, "Ada Lovelace", TASK)


def test_each_picture_is_that_of_its_step(tmp_path: Path) -> None:
    folder = only(tmp_path, DroidFile(frames={"exterior_1": 15, "exterior_2": 26}))
    with Take.open(folder) as take:
        shown = {
            name: [number_shown(take.image(name, row)) for row in range(len(frames))]
            for name, frames in take.frames.items()
        }
    assert shown == {
        "wrist": list(range(20)),
        "exterior_1": list(range(15)),
        "exterior_2": list(range(20)),
    }


def test_cameras_are_where_the_episode_says(tmp_path: Path) -> None:
    with Take.open(only(tmp_path, DroidFile())) as take:
        cameras = take.info.cameras
    assert all(camera.calibrated for camera in cameras.values())
    assert [camera.mount for camera in cameras.values()] == ["end_effector", "base", "base"]
    assert np.allclose(cameras["exterior_1"].intrinsics, LENS)
    assert np.allclose(cameras["exterior_1"].pose, poses_of(np.array(STANDS)))
    assert np.allclose(cameras["wrist"].pose, poses_of(np.array(AT_HAND)))


def test_without_intrinsics_it_is_said_that_cameras_are_not_calibrated(tmp_path: Path) -> None:
    with Take.open(only(tmp_path, DroidFile(calibrated=False))) as take:
        assert not any(camera.calibrated for camera in take.info.cameras.values())
        assert take.info.source is not None
        assert any("not calibrated" in each for each in take.info.source.assumed)


def test_who_decided_and_how_it_ended(tmp_path: Path) -> None:
    folder = only(tmp_path, DroidFile(skipped=(0, 1, 7), success=False))
    with Take.open(folder) as take:
        decided = take.actions.decided_by
    held = [step for step in range(20) if decided[step] == Decider.HOLD]
    assert held == [0, 1, 7]
    assert set(decided.tolist()) == {Decider.HOLD, Decider.OPERATOR}
    assert Labels.open(folder).snapshot.success is False


def test_an_fr3_is_one(tmp_path: Path) -> None:
    with Take.open(only(tmp_path, DroidFile(robot_serial="fr3-295341"))) as take:
        assert take.info.arm == "fr3"


def test_annotations_are_its_words(tmp_path: Path) -> None:
    (tmp_path / "droid").mkdir()
    said = {
        "language_instruction1": "put the marker in the pot",
        "language_instruction2": "marker in",
    }
    lines = {UUID: said, "another": {"language_instruction1": "wipe"}}
    (tmp_path / "droid" / "aggregated-annotations-030724.json").write_text(json.dumps(lines))
    folder = only(tmp_path, DroidFile())
    with Take.open(folder) as take:
        assert take.info.instruction == "put the marker in the pot"
    assert Labels.open(folder).snapshot.paraphrases == ("marker in",)


def test_it_is_imported_once(tmp_path: Path) -> None:
    only(tmp_path, DroidFile())
    os.rename(tmp_path / "droid", tmp_path / "moved")
    again = imported(tmp_path / "data", tmp_path / "moved")
    assert (len(again.takes), len(again.there)) == (0, 1)


def test_without_metadata_cameras_are_called_by_their_kind(tmp_path: Path) -> None:
    save_episode(tmp_path / "droid" / "one", DroidFile())
    (tmp_path / "droid" / "one" / f"metadata_{UUID}.json").unlink()
    (take,) = imported(tmp_path / "data", tmp_path / "droid").takes
    with Take.open(tmp_path / "data" / "takes" / take) as opened:
        assert set(opened.info.cameras) == {"wrist", "camera_22008760", "camera_24400334"}


def spoil_pose(folder: Path) -> None:
    with h5py.File(folder / "trajectory.h5", "a") as file:
        rows: Any = file["observation/robot_state/cartesian_position"]
        rows[-1, 0] += 0.05


def spoil_number(folder: Path) -> None:
    with h5py.File(folder / "trajectory.h5", "a") as file:
        rows: Any = file["action/cartesian_position"]
        rows[3, 1] = np.nan


def truncate(folder: Path) -> None:
    path = folder / "trajectory.h5"
    path.write_bytes(path.read_bytes()[:5000])


def link_outside(folder: Path) -> None:
    with h5py.File(folder / "trajectory.h5", "a") as file:
        del file["action/gripper_position"]
        file["action/gripper_position"] = h5py.ExternalLink("/etc/passwd", "/")


def no_intrinsics(folder: Path) -> None:
    name = f"observation/camera_intrinsics/{SERIALS['wrist']}_left"
    with h5py.File(folder / "trajectory.h5", "a") as file:
        del file[name]
        file.create_dataset(name, (0, 3, 3), "f8")


def no_videos(folder: Path) -> None:
    shutil.rmtree(folder / "recordings")


def playlist(folder: Path) -> None:
    """FFmpeg follows such a list to other files where it is let."""
    path = folder / "recordings" / "MP4" / f"{SERIALS['wrist']}.mp4"
    path.write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")


def no_metadata(folder: Path) -> None:
    (folder / f"metadata_{UUID}.json").write_text("[1]")


def test_intrinsics_of_no_step_are_none(tmp_path: Path) -> None:
    no_intrinsics(save_episode(tmp_path / "droid" / "one", DroidFile()))
    (take,) = imported(tmp_path / "data", tmp_path / "droid").takes
    with Take.open(tmp_path / "data" / "takes" / take) as opened:
        cameras = opened.info.cameras
    assert [camera.calibrated for camera in cameras.values()] == [False, True, True]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_pose, "another robot"),
        (spoil_number, "finite"),
        (truncate, "cannot be read"),
        (link_outside, "gripper_position"),
        (no_videos, "no videos"),
        (playlist, "cannot be decoded"),
        (no_metadata, "metadata_"),
    ],
)
def test_what_is_no_sound_episode_is_left_out_with_the_reason(
    tmp_path: Path, spoil, words: str
) -> None:
    for name in ("good", "spoiled"):
        save_episode(tmp_path / "droid" / name, DroidFile(steps=8 if name == "good" else 9))
    spoil(tmp_path / "droid" / "spoiled")
    done = imported(tmp_path / "data", tmp_path / "droid")
    assert len(done.takes) == 1
    assert list(done.left_out) == ["spoiled"]
    assert words in done.left_out["spoiled"]
