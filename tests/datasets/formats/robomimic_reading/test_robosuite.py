"""Demos of robosuite become takes that say what robosuite says, in the frames of ours."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from fuzzing.robosuite_file import (
    BASE,
    CAMERAS,
    CONTROLLER,
    LARGEST,
    LOOK,
    RATE_HZ,
    SITE_M,
    SIZE,
    STEPS,
    WORDS,
    actions,
    joints,
    observed,
    pictures,
    told_poses,
    widths,
    write_file,
)

from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.pictures import NoSuchSet
from teachloop.datasets.formats.take_import import ImportedTakes, import_takes
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.panda import FINGERTIP_M
from teachloop.geometry.poses import inverse, make_pose, pose_delta
from teachloop.geometry.rotations import from_rotation_vector, to_quaternion

Change = Callable[[Any], None]  # of the group of the first demo


def imported(data: Path, source: Path, **options: Any) -> ImportedTakes:
    return import_takes(data, source, ImportOptions(**options), lambda message, share: None)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lift" / "image.hdf5"


def changed(path: Path, *changes: Change) -> Path:
    with h5py.File(path, "r+") as file:
        for change in changes:
            change(file["data/demo_0"])
    return path


def put(name: str, rows: Any) -> Change:
    def change(demo: Any) -> None:
        del demo[name]
        demo[name] = rows

    return change


def without(*names: str) -> Change:
    def change(demo: Any) -> None:
        for name in names:
            del demo[name]

    return change


def refused(data: Path, source: Path) -> str:
    (reason,) = imported(data, source).left_out.values()
    return reason


def taken(data: Path, source: Path, **options: Any) -> Take:
    (take_id,) = imported(data, source, **options).takes
    assert check(data) == []
    return Take.open(data / "takes" / take_id)


def hands() -> np.ndarray:
    """Where the joints bring a Franka Hand's centre point (STEPS, 4, 4)."""
    return np.array([Kinematics().forward(each) for each in joints()])


def asked(largest: np.ndarray = LARGEST) -> tuple[np.ndarray, np.ndarray]:
    """Where robosuite's controller would bring the grip site in its world, (STEPS, 3), and how it
    would turn the hand, (STEPS, 3, 3), there."""
    places, _ = told_poses(joints())
    deltas = actions()[:, :6] * largest
    turned, turns = [], (BASE @ hands())[:, :3, :3]
    for delta, turn in zip(deltas, turns, strict=True):
        held = turned[-1] if turned else turn  # no turn asks for what was asked for before
        turned.append(from_rotation_vector(delta[3:]) @ turn if delta[3:].any() else held)
    return places + deltas[:, :3], np.array(turned)


def in_base(places: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Poses of the hand's centre point, which lies beyond the grip site."""
    beyond = places + turns[:, :, 2] * (FINGERTIP_M - SITE_M)
    return inverse(BASE) @ make_pose(turns, beyond)


def test_a_demo_becomes_a_sound_take(data: Path, path: Path) -> None:
    with taken(data, write_file(path)) as take:
        info, robot = take.info, take.robot
        assert (info.kind, info.task, info.instruction) == ("demonstration", "Lift", WORDS)
        assert (info.rate_hz, info.arm, info.robot) == (RATE_HZ, "panda", "Panda of robosuite")
        assert np.allclose(robot.joint_positions_rad, joints())
        speeds = observed()["robot0_joint_vel"]
        assert np.allclose(robot.joint_velocities_rad_s, speeds)
        assert np.allclose(robot.ee_pose, hands(), atol=1e-9)
        assert robot.gripper_width_m is not None
        assert np.allclose(robot.gripper_width_m, widths())
        assert {*take.actions.decided_by.tolist()} == {Decider.OPERATOR}
        assert np.diff(robot.time_ns).tolist() == [100_000_000] * (STEPS - 1)
    assert Labels.open(take.path.parent).snapshot.success is True


def test_targets_are_what_the_controller_makes_of_the_actions(data: Path, path: Path) -> None:
    with taken(data, write_file(path)) as take:
        delta = pose_delta(take.actions.applied_pose, in_base(*asked()))
        assert np.abs(delta).max() < 1e-6
        grippers = take.actions.applied_gripper
    assert grippers is not None
    assert grippers.tolist() == [1.0] * (STEPS - 4) + [0.0] * 4


def test_actions_of_other_scales_are_scaled_by_their_controller(data: Path, path: Path) -> None:
    other = LARGEST * [1, 2, 3, 0.5, 0.5, 1]
    told = {**CONTROLLER, "output_max": other.tolist(), "output_min": (-other).tolist()}
    with taken(data, write_file(path, controller_configs=told)) as take:
        delta = pose_delta(take.actions.applied_pose, in_base(*asked(other)))
        assert np.abs(delta).max() < 1e-6


def test_actions_in_the_frame_of_the_base_are_not_turned(data: Path, path: Path) -> None:
    arm = {**CONTROLLER, "input_type": "delta", "input_ref_frame": "base"}
    parts = {"type": "BASIC", "body_parts": {"right": arm}}
    with taken(data, write_file(path, controller_configs=parts)) as take:
        moved = take.actions.applied_pose[4, :3, 3] - hands()[4, :3, 3]
        assert np.allclose(moved, actions()[4, :3] * 0.05)  # which turns nothing
        assert np.allclose(take.actions.applied_pose[4, :3, :3], hands()[4, :3, :3])


def test_absolute_actions_are_targets_as_they_are(data: Path, path: Path) -> None:
    places, turns = asked()
    angles = np.array([_vector(turn) for turn in turns])
    rows = np.concatenate([places, angles, actions()[:, 6:]], 1)
    write_file(path, controller_configs={**CONTROLLER, "control_delta": False})
    with taken(data, changed(path, put("actions", rows))) as take:
        delta = pose_delta(take.actions.applied_pose, in_base(places, turns))
        assert np.abs(delta).max() < 1e-5


def _vector(turn: np.ndarray) -> np.ndarray:
    x, y, z, w = to_quaternion(turn)
    return np.array([x, y, z]) / np.sin(np.arccos(w)) * 2 * np.arccos(w)


@pytest.mark.parametrize(
    ("controller", "rows", "words"),
    [
        ({"type": "JOINT_VELOCITY"}, np.zeros((STEPS, 8)), "controller is 'JOINT_VELOCITY'"),
        ({**CONTROLLER, "impedance_mode": "variable"}, actions(), "how stiff the arm is"),
        ({**CONTROLLER, "control_delta": False}, actions(), "far from where the hand is"),
        (CONTROLLER, np.zeros((STEPS, 14)), "14 numbers"),
        (None, actions(), "controller is not told"),
    ],
)
def test_actions_that_are_not_understood_are_no_targets(
    data: Path, path: Path, controller: Any, rows: np.ndarray, words: str
) -> None:
    write_file(path, controller_configs=controller)
    with taken(data, changed(path, put("actions", rows))) as take:
        assert np.allclose(take.actions.applied_pose, hands()[1:])
        assert len(take.actions.time_ns) == STEPS - 1
        assert take.info.source is not None
        assert any(words in sentence for sentence in take.info.source.assumed)


def test_pictures_stand_upright_and_are_not_those_of_next_obs(data: Path, path: Path) -> None:
    changes = [put(f"next_obs/{name}_image", pictures(name)[::-1]) for name in CAMERAS]
    with taken(data, changed(write_file(path), *changes)) as take:
        assert sorted(take.info.cameras) == sorted(CAMERAS)
        for camera in CAMERAS:
            assert len(take.frames[camera].number) == STEPS
            shown = np.array([take.image(camera, step) for step in range(STEPS)])
            assert np.abs(shown.astype(int) - pictures(camera)).mean() < 12


def test_a_camera_stands_where_the_file_tells_and_the_hands_is_not_believed(
    data: Path, path: Path
) -> None:
    with taken(data, write_file(path)) as take:
        fixed, moving = (take.info.cameras[name] for name in CAMERAS)
        assert (fixed.calibrated, moving.calibrated) == (True, False)
        assert np.allclose(BASE @ fixed.pose, LOOK, atol=1e-6)
        assert np.allclose(fixed.intrinsics[0], [40.0, 0.0, SIZE / 2])
        assert take.info.source is not None
        said = " ".join(take.info.source.assumed)
    assert "robot0_eye_in_hand stood: not calibrated" in said
    assert "agentview" not in said
    assert "-0.560, 0.100, 0.912" in said


def test_a_hand_that_is_told_in_the_axes_of_the_grip_site_is_the_same(
    data: Path, path: Path
) -> None:
    site = BASE @ hands()
    rows = to_quaternion(site[:, :3, :3])
    with taken(data, changed(write_file(path), put("obs/robot0_eef_quat", rows))) as take:
        delta = pose_delta(take.actions.applied_pose, in_base(*asked()))
        assert np.abs(delta).max() < 1e-6


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("robot0_eef_pos", told_poses(joints())[0] * 1.2),
        ("robot0_eef_pos", told_poses(joints(1))[0]),
        ("robot0_joint_pos", joints()[::-1]),
        ("robot0_joint_pos", joints() * [1, 1, 1, 1.2, 1, 1, 1]),
    ],
)
def test_poses_that_follow_from_no_base_are_of_another_robot(
    data: Path, path: Path, name: str, rows: np.ndarray
) -> None:
    reason = refused(data, changed(write_file(path), put(f"obs/{name}", rows)))
    assert "not of robosuite's Panda" in reason
    assert "mm" in reason


@pytest.mark.parametrize(
    ("arguments", "changes", "words"),
    [
        ({"robots": ["Sawyer"]}, [], "names its robot 'Sawyer'"),
        ({"robots": ["Panda", "Panda"]}, [], "'Panda, Panda'"),
        ({}, [without("obs/robot0_joint_pos")], "has no obs/robot0_joint_pos"),
        ({}, [put("obs/robot0_gripper_qpos", np.zeros((STEPS, 6)))], "gripper_qpos has the shape"),
    ],
)
def test_of_other_robots_the_pictures_alone_are_imported(
    data: Path, path: Path, arguments: Any, changes: list[Change], words: str
) -> None:
    with taken(data, changed(write_file(path, **arguments), *changes)) as take:
        assert (take.info.kind, take.info.gripper) == ("pictures", None)
        assert len(take.frames["agentview"].number) == STEPS
        assert take.info.source is not None
        assert any(words in sentence for sentence in take.info.source.assumed)


def test_a_demo_that_got_no_reward_is_not_judged(data: Path, path: Path) -> None:
    with taken(data, changed(write_file(path), put("rewards", np.zeros(STEPS)))) as take:
        assert Labels.open(take.path.parent).snapshot.success is None


def test_a_rate_that_is_not_told_is_robosuites_and_is_said(data: Path, path: Path) -> None:
    with taken(data, write_file(path, control_freq=None)) as take:
        assert take.info.rate_hz == 20.0
        assert take.info.source is not None
        assert any("0.05 s apart" in sentence for sentence in take.info.source.assumed)


def test_numbers_may_be_packed(data: Path, path: Path) -> None:
    with taken(data, write_file(path, packed=True)) as take:
        assert np.allclose(take.robot.joint_positions_rad, joints())
        shown = np.array([take.image("agentview", step) for step in range(STEPS)])
        assert np.abs(shown.astype(int) - pictures("agentview")).mean() < 12


def test_demos_are_takes_once_whatever_their_file_is_called(data: Path, path: Path) -> None:
    write_file(path, demos=11)
    done = imported(data, path)
    assert [*done.there, *done.left_out] == []
    assert len(done.takes) == 11
    places = [_place(data, take) for take in done.takes]
    assert places == [f"demo_{number} of image.hdf5" for number in range(11)]  # 10 behind 9
    folder = path.parent / "copy"
    write_file(folder / "dataset.hdf5", demos=11, packed=True)
    again = imported(data, folder)
    assert (again.takes, len(again.there)) == ([], 11)


def _place(data: Path, take_id: str) -> str:
    with Take.open(data / "takes" / take_id) as take:
        assert take.info.source is not None
        return take.info.source.place


def test_a_filter_key_names_the_demos(data: Path, path: Path) -> None:
    write_file(path, demos=3)
    assert len(imported(data, path, filter_key="valid").takes) == 1
    done = imported(data, path, filter_key="train")
    assert (len(done.takes), [*done.there]) == (2, [])
    with pytest.raises(NoSuchSet, match="has no filter key 'better'"):
        imported(data, path, filter_key="better")


def test_states_alone_are_refused_with_what_makes_more_of_them(data: Path, path: Path) -> None:
    assert "dataset_states_to_obs" in refused(data, changed(write_file(path), without("obs")))
    images = [f"obs/{name}_image" for name in CAMERAS]
    write_file(path)
    assert "has no pictures" in refused(data, changed(path, without(*images)))


def test_a_broken_demo_costs_no_other(data: Path, path: Path) -> None:
    write_file(path, demos=3)
    done = imported(data, changed(path, without("actions")))
    assert len(done.takes) == 2
    assert "'actions' is missing" in done.left_out["demo_0 of image.hdf5"]


def test_what_is_no_file_of_robomimic_is_refused_in_words(data: Path, path: Path) -> None:
    write_file(path)
    content = path.read_bytes()
    for other in (content[: len(content) // 2], b"no HDF5", b""):
        path.write_bytes(other)
        with pytest.raises(NoSuchSet, match="no file of robomimic's, or not a whole one"):
            imported(data, path)
    with h5py.File(path, "w") as file:
        file.create_group("data").attrs["env_args"] = json.dumps({"env_kwargs": 5})
    with pytest.raises(NoSuchSet, match="env_kwargs"):
        imported(data, path)
    with pytest.raises(NoSuchSet, match="is no HDF5 file"):
        imported(data, path.parent, format="robomimic")
