"""Saved demos become takes that say what RLBench says, in the frames of ours.

The last tests are of demos that RLBench itself saved, in a folder that TEACHLOOP_RLBENCH names, or
in ``../shared/data/rlbench`` beside this tree.
"""

import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fuzzing.saved_demo import (
    CUP,
    FAR_M,
    FRONT,
    LENGTH,
    PLACE,
    SENTENCES,
    SIZE,
    STEPS,
    TABLE,
    WRIST,
    colours,
    metres,
    observations,
    paths,
    pickled,
    save_demo,
    widths,
)

from teachloop.datasets.alignment import align
from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.rlbench.frames import picture_path, read_handles
from teachloop.datasets.formats.rlbench.pickled import read_pickle
from teachloop.datasets.formats.rlbench.robot import BASE
from teachloop.datasets.formats.rlbench.stored_objects import Stored
from teachloop.datasets.formats.take_import import ImportedTakes, import_takes
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import decode
from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.camera import Camera
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import inverse, pose_delta

REAL = Path(
    os.environ.get("TEACHLOOP_RLBENCH") or Path(__file__).parents[5] / "shared" / "data" / "rlbench"
)
with_real = pytest.mark.skipif(
    not REAL.is_dir(), reason="TEACHLOOP_RLBENCH names no folder of demos that RLBench saved"
)


def imported(data: Path, source: Path, **options: Any) -> ImportedTakes:
    return import_takes(data, source, ImportOptions(**options), lambda message, share: None)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return save_demo(tmp_path / "set")


def test_a_demo_becomes_a_sound_take(data: Path, demo: Path, tmp_path: Path) -> None:
    (take_id,) = imported(data, tmp_path / "set").takes
    joints, poses = paths()
    with Take.open(data / "takes" / take_id) as take:
        info = take.info
        assert (info.kind, info.task, info.instruction) == (
            *("demonstration", "pick up cup"),
            SENTENCES[0],
        )
        assert info.duration_s == STEPS / 20
        assert np.allclose(take.robot.joint_positions_rad, joints, atol=1e-12)
        assert np.allclose(take.robot.ee_pose, poses, atol=1e-9)
        assert take.robot.gripper_width_m is not None
        assert np.allclose(take.robot.gripper_width_m, widths())
        assert np.allclose(np.diff(take.robot.time_ns), 5e7)
        assert np.allclose(take.actions.applied_pose, poses[1:], atol=1e-9)
        assert take.actions.applied_gripper is not None
        assert np.array_equal(take.actions.applied_gripper, widths()[1:] > 0.07)
        assert {*take.actions.decided_by.tolist()} == {Decider.SCRIPT}
    said = Labels.open(data / "takes" / take_id).snapshot
    assert (said.paraphrases, said.success, said.objects) == ((SENTENCES[1],), True, ())
    assert check(data) == []


def test_every_frame_and_depth_is_that_of_its_step(data: Path, demo: Path, tmp_path: Path) -> None:
    (take_id,) = imported(data, tmp_path / "set").takes
    with Take.open(data / "takes" / take_id) as take:
        for name in ("front", "wrist"):
            for step in range(STEPS):
                found = take.image(name, step).astype(int)
                assert np.abs(found - colours(step)).mean() < 3
                depth = take.depth(name, step)
                assert depth is not None
                far = metres(step) == FAR_M
                assert not depth[far].any()
                assert np.abs(depth[~far] / 1000 - metres(step)[~far]).max() < 6e-4
        ticks = align(take, 20.0)
        assert ticks.frame_index["front"].tolist() == list(range(STEPS - 1))


def wanted_camera(name: str) -> Camera:
    """What a take of it says of a camera."""
    mount, pose = ("base", FRONT) if name == "front" else ("end_effector", WRIST)
    length = np.array([[LENGTH, 0, SIZE / 2], [0, LENGTH, SIZE / 2], [0, 0, 1.0]])
    return Camera(
        name=name, width=SIZE, height=SIZE, intrinsics=length, mount=mount, pose=pose,
        measures_depth=True,
    )  # fmt: skip


def test_cameras_stand_where_the_demo_says_in_our_axes(
    data: Path, demo: Path, tmp_path: Path
) -> None:
    (take_id,) = imported(data, tmp_path / "set").takes
    with Take.open(data / "takes" / take_id) as take:
        for name, found in take.info.cameras.items():
            wanted = wanted_camera(name)
            assert (found.mount, found.calibrated) == (wanted.mount, True)
            assert np.allclose(found.pose, wanted.pose, atol=1e-9)
            assert np.allclose(found.intrinsics, wanted.intrinsics)


def test_the_take_says_where_it_is_from_and_what_was_assumed(
    data: Path, demo: Path, tmp_path: Path
) -> None:
    (take_id,) = imported(data, tmp_path / "set").takes
    with Take.open(data / "takes" / take_id) as take:
        source = take.info.source
    assert source is not None
    assert (source.format, source.place) == ("rlbench", str(PLACE))
    said = " ".join(source.assumed)
    for words in ("the next step reached", "0.05 s", "counts as a success", "no handle was given"):
        assert words in said


def test_masks_are_of_the_handles_that_were_named(data: Path, demo: Path, tmp_path: Path) -> None:
    (take_id,) = imported(data, tmp_path / "set", handles={CUP: "cup"}).takes
    said = Labels.open(data / "takes" / take_id).snapshot
    assert said.targets == ("cup",)
    for (camera, frame, name), record in said.masks.items():
        assert (camera in ("front", "wrist"), name) == (True, "cup")
        assert np.array_equal(decode(record.rle), metres(frame) == 1.0)
    assert len(said.masks) == 2 * STEPS
    other = imported(tmp_path / "other", tmp_path / "set", handles={CUP: "cup", TABLE: "table"})
    assert Labels.open(tmp_path / "other" / "takes" / other.takes[0]).snapshot.targets == ()


def test_one_episode_alone_can_be_imported(data: Path, demo: Path) -> None:
    (take_id,) = imported(data, demo).takes
    with Take.open(data / "takes" / take_id) as take:
        assert take.info.task == "pick up cup"


def test_what_a_demo_lacks_is_absent(data: Path, demo: Path, tmp_path: Path) -> None:
    steps = [{**step, "misc": {}} for step in observations()]
    (demo / "low_dim_obs.pkl").write_bytes(pickled(steps))
    (demo.parent.parent / "variation_descriptions.pkl").unlink()
    shutil.rmtree(demo / "wrist_rgb")
    (take_id,) = imported(data, tmp_path / "set").takes
    with Take.open(data / "takes" / take_id) as take:
        assert take.info.instruction == ""
        assert [*take.info.cameras] == ["front"]
        assert not take.info.cameras["front"].calibrated
        assert take.depths == {}
        assert take.info.source is not None
        said = " ".join(take.info.source.assumed)
    for words in ("no instruction", "not calibrated", "no known range"):
        assert words in said


def _other(name: str, value: object) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda step: {**step, name: value}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_other("joint_positions", None), "has no joint_positions of 7"),
        (_other("joint_positions", np.full(7, np.nan)), "has no joint_positions of 7"),
        (_other("joint_positions", np.zeros(6)), "has no joint_positions of 7"),
        (_other("joint_positions", np.zeros(7)), "not of RLBench's Panda"),
        (_other("gripper_pose", np.zeros(7)), "no rotation"),
        (_other("gripper_open", 10**400), "has no gripper_open"),
        (_other("gripper_joint_positions", "x"), "has no gripper_joint_positions"),
    ],
)
def test_a_demo_that_is_none_of_a_panda_is_refused(
    data: Path,
    demo: Path,
    tmp_path: Path,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    words: str,
) -> None:
    (demo / "low_dim_obs.pkl").write_bytes(pickled([change(each) for each in observations()]))
    done = imported(data, tmp_path / "set")
    assert done.takes == []
    assert words in done.left_out[str(PLACE)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pickle.dumps([]), "has 0 steps"),
        (pickle.dumps({}), "no demo of RLBench"),
        (pickle.dumps([1, 2, 3]), "Not all steps"),
    ],
)
def test_a_pickle_of_something_else_is_refused(
    data: Path, demo: Path, tmp_path: Path, content: bytes, words: str
) -> None:
    (demo / "low_dim_obs.pkl").write_bytes(content)
    assert words in imported(data, tmp_path / "set").left_out[str(PLACE)]


@with_real
def test_poses_of_rlbench_follow_from_its_joints_by_our_kinematics(data: Path) -> None:
    done = imported(data, REAL)
    assert len(done.takes) == 2
    kinematics = Kinematics()
    for take_id in done.takes:
        with Take.open(data / "takes" / take_id) as take:
            robot = take.robot
            reached = np.array([kinematics.forward(each) for each in robot.joint_positions_rad])
            delta = pose_delta(reached, robot.ee_pose)
        assert np.linalg.norm(delta[:, :3], axis=1).max() < 0.0012
        assert np.linalg.norm(delta[:, 3:], axis=1).max() < 0.0012


@with_real
def test_depth_through_each_camera_meets_the_ball_where_rlbench_put_it(data: Path) -> None:
    """The ball of ``reach_target`` has a radius of 25 mm; its handle is what lies there."""
    met = 0
    for take_id in imported(data, REAL).takes:
        with Take.open(data / "takes" / take_id) as take:
            assert take.info.source is not None
            episode = REAL / take.info.source.place
            ball = (inverse(BASE) @ [*_ball_in_world(episode), 1.0])[:3]
            for name, camera in take.info.cameras.items():
                for step in (0, 40):
                    depth = take.depth(name, step)
                    assert depth is not None
                    rows, columns = np.mgrid[: camera.height, : camera.width] + 0.5
                    pixels = np.stack([columns, rows], -1)
                    eye, rays = camera.rays(pixels, take.robot.ee_pose[step])
                    points = eye + rays * (depth[..., None] / 1000)
                    near = np.linalg.norm(points - ball, axis=-1) < 0.03
                    path = picture_path(episode, name, "mask", step)
                    handles = read_handles(path, near.shape)
                    assert len(np.unique(handles[near])) <= 1
                    met += int(near.sum())
    assert met > 500


def _ball_in_world(episode: Path) -> list[float]:
    demo = read_pickle(episode / "low_dim_obs.pkl")
    assert isinstance(demo, Stored)
    return demo.values["_observations"][0].values["task_low_dim_state"].values.tolist()
