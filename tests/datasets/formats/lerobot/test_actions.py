"""The applied targets come back from exported actions, in each space."""

from pathlib import Path

import numpy as np
import pytest
from lerobot_files import LeRobotFiles
from numbered_takes import NumberedTake, applied_gripper, applied_pose, numbered_take

from teachloop.datasets.action_targets import integrate
from teachloop.datasets.embodiment import FRANKA
from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.options import ActionSpace, LeRobotOptions
from teachloop.geometry.arms import ARMS
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import make_pose, pose_delta

TICKS = 400  # 20 s
NEAR_M, NEAR_RAD = 1e-3, np.radians(0.1)


def exported(data: Path, how: NumberedTake, space: ActionSpace) -> LeRobotFiles:
    take, out = numbered_take(data, "one", how), data / "out"
    options = LeRobotOptions(actions=space)
    export_takes(data, [take], options, out, lambda message, share: None)
    return LeRobotFiles(out)


def poses_of(flat: np.ndarray) -> np.ndarray:
    """(T, 4, 4) of positions and the first two columns of rotations (T, 9)."""
    first, second = flat[:, 3:6], flat[:, 6:9]
    rotation = np.stack([first, second, np.cross(first, second)], -1)
    return make_pose(rotation, flat[:, :3])


def targets_of(files: LeRobotFiles, space: ActionSpace) -> np.ndarray:
    """What the exported actions ask for (T, 4, 4), with nothing but what was exported."""
    actions = files.column("action").astype(np.float64)
    if space == "poses":
        return poses_of(actions)
    if space == "deltas":
        start = poses_of(files.column("observation.ee_pose")[:1].astype(np.float64))[0]
        return integrate(start, actions[:, :6])
    kinematics = Kinematics(ARMS[FRANKA.arm], FRANKA.tool.pose)
    return np.array([kinematics.forward(joints) for joints in actions[:, :7]])


@pytest.mark.parametrize("space", ["poses", "deltas", "joints"])
def test_applied_targets_come_back(tmp_path: Path, space: ActionSpace) -> None:
    how = NumberedTake(ticks=TICKS, missed={50, 51, 200}, size=(72, 96), cameras=("front",))
    files = exported(tmp_path, how, space)
    ticks = [max(set(range(tick + 1)) - how.missed) for tick in range(TICKS)]  # the last applied
    expected = np.array([applied_pose(how, tick) for tick in ticks])
    delta = pose_delta(targets_of(files, space), expected)
    assert np.linalg.norm(delta[:, :3], axis=1).max() < NEAR_M
    assert np.linalg.norm(delta[:, 3:], axis=1).max() < NEAR_RAD
    grippers = [applied_gripper(tick) for tick in ticks]
    assert files.column("action")[:, -1].tolist() == grippers


@pytest.mark.parametrize("space", ["poses", "deltas", "joints"])
def test_each_number_has_a_name(tmp_path: Path, space: ActionSpace) -> None:
    files = exported(tmp_path, NumberedTake(ticks=6), space)
    feature = files.info["features"]["action"]
    assert feature["shape"] == [len(feature["names"])] == [files.column("action").shape[1]]
    assert feature["names"][-1] == "gripper"


def test_joints_stay_with_the_measured_ones(tmp_path: Path) -> None:
    """Of all joint angles for a pose, those of the arm as it stood: the elbow does not wander."""
    files = exported(tmp_path, NumberedTake(ticks=100), "joints")
    apart = files.column("action")[:, :7] - files.column("observation.state")[:, :7]
    assert np.abs(apart).max() < 0.15
