"""The applied targets come back from exported actions, and statistics are those of OpenVLA."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numbered_takes import NumberedTake, applied_gripper, applied_pose, joints_at, numbered_take
from rlds_files import RldsFiles

from teachloop.datasets.formats.rlds.numbers import without_jumps
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import pose_delta
from teachloop.training.openvla.statistics import action_statistics

Export = Callable[..., RldsFiles]
TICKS = 401  # 20 s
NEAR_M, NEAR_RAD = 1e-3, np.radians(0.1)
LONG = NumberedTake(ticks=TICKS, missed={50, 51, 200}, cameras=("front",))


def applied(how: NumberedTake, every: int = 1) -> tuple[np.ndarray, list[float]]:
    """Targets (T, 4, 4) and grippers; where the loop missed a tick, what was held."""
    ticks = [max(set(range(tick + 1)) - how.missed) for tick in range(0, how.ticks, every)]
    return np.array([applied_pose(how, tick) for tick in ticks]), [
        applied_gripper(tick) for tick in ticks
    ]


def turned(roll: float, pitch: float, yaw: float) -> np.ndarray:
    """Rz · Ry · Rx, by their own matrices."""
    (a, b, c), (d, e, f) = np.cos([roll, pitch, yaw]), np.sin([roll, pitch, yaw])
    x = np.array([[1, 0, 0], [0, a, -d], [0, d, a]])
    y = np.array([[b, 0, e], [0, 1, 0], [-e, 0, b]])
    z = np.array([[c, -f, 0], [f, c, 0], [0, 0, 1]])
    return z @ y @ x


def followed(files: RldsFiles) -> np.ndarray:
    """Where the actions lead to from what was measured first (T, 4, 4)."""
    x, y, z, *turns = files.column("steps/observation/state")[0][:6].astype(float)
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = turned(*turns), (x, y, z)
    reached = []
    for action in files.column("steps/action").astype(float):
        pose = pose.copy()
        pose[:3, :3] = turned(*action[3:6]) @ pose[:3, :3]
        pose[:3, 3] += action[:3]
        reached.append(pose)
    return np.array(reached)


@pytest.mark.parametrize(("options", "every"), [({}, 1), ({"rate_hz": 5}, 4)])
def test_actions_lead_to_the_applied_targets(
    tmp_path: Path, export: Export, options: dict, every: int
) -> None:
    files = export(numbered_take(tmp_path, "one", LONG), **options)
    targets, grippers = applied(LONG, every)
    delta = pose_delta(followed(files), targets)
    assert np.linalg.norm(delta[:, :3], axis=1).max() < NEAR_M
    assert np.linalg.norm(delta[:, 3:], axis=1).max() < NEAR_RAD
    assert files.column("steps/action")[:, 6].tolist() == grippers


def test_states_are_what_was_measured(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", LONG))
    measured = [max(set(range(tick + 1)) - LONG.missed) for tick in range(TICKS)]
    joints = np.array([joints_at(LONG, tick) for tick in measured])
    poses = np.array([Kinematics().forward(each) for each in joints])
    states = files.column("steps/observation/state")
    found = files.column("steps/observation/joint_position")
    np.testing.assert_allclose(found, joints, atol=1e-6)
    np.testing.assert_allclose(states[:, :3], poses[:, :3, 3], atol=1e-6)
    turns = np.array([turned(*row) for row in states[:, 3:6].astype(float)])
    np.testing.assert_allclose(turns, poses[:, :3, :3], atol=1e-6)
    assert np.abs(np.diff(states[:, 3:6], axis=0)).max() < 0.2  # nothing jumps
    assert states[:, 6:].tolist() == [[0.0, 0.5]] * TICKS  # the fingers are 0.04 m of 0.08 apart


@pytest.mark.parametrize("first", [1, -1])
def test_a_roll_about_half_a_turn_does_not_jump(first: int) -> None:
    roll = np.pi + 0.01 * first * np.array([1, -1, 1, -1])
    wrapped = np.stack([np.where(roll > np.pi, roll - 2 * np.pi, roll), 0 * roll, 0 * roll], 1)
    np.testing.assert_allclose(without_jumps(wrapped)[:, 0], roll)


def test_without_a_gripper_an_action_is_of_seven_numbers_all_the_same(
    tmp_path: Path, export: Export
) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=8, gripper=None)))
    assert files.column("steps/action").shape == (8, 7)
    assert (files.column("steps/action")[:, 6] == 1.0).all()
    assert (files.column("steps/observation/state")[:, 6:] == 0.0).all()
    assert "There is no gripper" in files.said("dataset_info.json")["description"]
    figures = files.said("dataset_statistics.json")["teachloop"]["action"]
    assert figures["min"][6] == figures["max"][6]  # by which OpenVLA knows what is not used


def test_statistics_are_of_all_steps_and_are_read_as_those_of_openvla(
    tmp_path: Path, export: Export
) -> None:
    takes = [numbered_take(tmp_path, f"t{n}", NumberedTake(ticks=40, seed=n)) for n in range(3)]
    files = export(*takes, name="cubes")
    said = files.said("dataset_statistics.json")["cubes"]
    episodes = [("train", 0), ("train", 1), ("val", 0)]
    for place, feature in (("action", "steps/action"), ("proprio", "steps/observation/state")):
        rows = np.concatenate([files.column(feature, number, split) for split, number in episodes])
        expected = {
            "mean": rows.mean(0),
            "std": rows.std(0),
            "min": rows.min(0),
            "max": rows.max(0),
            "q01": np.quantile(rows, 0.01, axis=0),
            "q99": np.quantile(rows, 0.99, axis=0),
        }
        for figure, values in expected.items():
            np.testing.assert_allclose(said[place][figure], values, atol=1e-6)
    assert said["action"]["mask"] == [True] * 6 + [False]
    assert (said["num_transitions"], said["num_trajectories"]) == (120, 3)
    assert action_statistics(said["action"]).has_gripper
