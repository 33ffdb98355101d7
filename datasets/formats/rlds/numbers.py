"""The numbers of an episode as Open X-Embodiment has them, in metres and radians."""

import numpy as np
from numpy.typing import NDArray

from ....geometry.roll_pitch_yaw import to_roll_pitch_yaw
from ....geometry.rotations import from_rotation_vector
from ...action_targets import target_deltas
from ...alignment import Ticks

Floats = NDArray[np.float64]
POSITION = ("x", "y", "z")
ACTION = (*POSITION, "roll", "pitch", "yaw", "gripper")
STATE = (*POSITION, "roll", "pitch", "yaw", "padding", "gripper")
JOINTS = 7
OPEN = 1.0


def actions(ticks: Ticks) -> Floats:
    """From one applied target to the next (T, 7), the first from the measured pose.

    Δx, Δy, Δz are the difference of the positions in the base frame. Δroll, Δpitch and Δyaw are
    those of the rotation in the base frame that comes *after* the one before: R₂ = Rz(Δyaw) ·
    Ry(Δpitch) · Rx(Δroll) · R₁, as in DROID; they are no differences of angles. The gripper is what
    was asked for, 1 open … 0 closed; without one it is 1 throughout, since OpenVLA takes actions of
    seven numbers and leaves one that never changes out.
    """
    deltas = target_deltas(ticks)
    turns = to_roll_pitch_yaw(from_rotation_vector(deltas[:, 3:]))
    gripper = np.full(len(ticks), OPEN) if ticks.applied_gripper is None else ticks.applied_gripper
    return np.concatenate([deltas[:, :3], turns, gripper[:, None]], 1)


def states(ticks: Ticks) -> Floats:
    """What was measured (T, 8) in the layout that OpenVLA calls ``POS_EULER``: position of the
    tool's centre point in the base frame, its roll, pitch and yaw, 0, and how far the gripper is
    open, 1 open … 0 closed; without a gripper another 0."""
    opening = ticks.opening(np.arange(len(ticks)))
    gripper = np.zeros(len(ticks)) if opening is None else np.clip(opening, 0.0, 1.0)
    turns = without_jumps(to_roll_pitch_yaw(ticks.ee_pose[:, :3, :3]))
    padding = np.zeros((len(ticks), 1))
    return np.concatenate([ticks.ee_pose[:, :3, 3], turns, padding, gripper[:, None]], 1)


def without_jumps(turns: Floats) -> Floats:
    """The same angles (T, 3), each within half a turn of the tick before. The first roll lies in
    (-π/2, 3π/2]: a tool that points down has one of about π, never of now π and now -π."""
    smooth = np.unwrap(turns, axis=0)
    if smooth[0, 0] <= -np.pi / 2:
        smooth[:, 0] += 2 * np.pi
    return smooth
