"""The numbers of an episode as robomimic and robosuite know them."""

import numpy as np
from numpy.typing import NDArray

from ....geometry.rotations import from_rotation_vector, to_quaternion, to_rotation_vector
from ...action_targets import target_deltas
from ...alignment import Ticks

Floats = NDArray[np.float64]
Numbers = dict[str, Floats]
TRANSLATION, TURN = ("x", "y", "z"), ("turn_x", "turn_y", "turn_z")
GRIPPER = "gripper"
OPEN, CLOSED = -1.0, 1.0  # robosuite's gripper


def observations(ticks: Ticks) -> Numbers:
    """What was measured at each of T ticks, in metres and radians, under robosuite's names: joint
    angles (T, 7), the tool's centre point (T, 3) and its quaternion (T, 4), x, y, z, w; how far the
    fingers are apart (T, 1), where there is a gripper."""
    measured = {
        "robot0_joint_pos": ticks.joint_positions_rad,
        "robot0_eef_pos": ticks.ee_pose[:, :3, 3],
        "robot0_eef_quat": without_jumps(to_quaternion(ticks.ee_pose[:, :3, :3])),
    }
    if ticks.gripper_width_m is not None:
        measured["robot0_gripper_width"] = ticks.gripper_width_m[:, None]
    return measured


def without_jumps(quaternions: Floats) -> Floats:
    """The same rotations (T, 4): of a quaternion and its opposite the one that is near the tick
    before, and first the one whose largest number is positive, since a tool that points down has a
    w that changes its sign all the time."""
    largest = np.abs(quaternions[0]).argmax()
    steps = (quaternions[1:] * quaternions[:-1]).sum(1)
    signs = np.cumprod(np.where([quaternions[0, largest], *steps] < np.float64(0), -1.0, 1.0))
    return quaternions * signs[:, None]


def states(ticks: Ticks) -> Floats:
    """Joint angles (T, 7), and the gripper's width (T, 8): there is no state of a simulation."""
    width = ticks.gripper_width_m
    joints = ticks.joint_positions_rad
    return joints if width is None else np.concatenate([joints, width[:, None]], 1)


def action_dict(ticks: Ticks) -> Numbers:
    """What was applied at each of T ticks, in the base frame, in metres and radians: from one
    target to the next (``rel_``, see ``target_deltas``), and the targets themselves (``abs_``); the
    gripper (T, 1) from -1, open, to 1, closed. ``rot_6d`` is the first two *rows* of the matrix."""
    deltas, targets = target_deltas(ticks), ticks.applied_pose
    rotations = targets[:, :3, :3]
    actions = {
        "rel_pos": deltas[:, :3],
        "rel_rot_axis_angle": deltas[:, 3:],
        "rel_rot_6d": two_rows(from_rotation_vector(deltas[:, 3:])),
        "abs_pos": targets[:, :3, 3],
        "abs_rot_axis_angle": to_rotation_vector(rotations),
        "abs_rot_6d": two_rows(rotations),
    }
    if ticks.applied_gripper is not None:
        actions[GRIPPER] = CLOSED + (OPEN - CLOSED) * ticks.applied_gripper[:, None]
    return actions


def two_rows(rotations: Floats) -> Floats:
    """The first two rows (T, 6) of matrices (T, 3, 3)."""
    return rotations[:, :2].reshape(-1, 6)


def action_names(has_gripper: bool) -> list[str]:
    return [*TRANSLATION, *TURN, *([GRIPPER] if has_gripper else [])]


def shifted(rows: NDArray) -> NDArray:
    """What stands at the next tick (T, …); the last is repeated."""
    return np.concatenate([rows[1:], rows[-1:]])
