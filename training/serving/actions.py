"""Chunks of actions as rows of numbers (ticks, 7), and back.

A row is an absolute target in the base frame: position in metres, rotation vector in radians,
gripper from 0 (closed) to 1 (open). Without a gripper rows are (ticks, 6).
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Action, Decider, Pose
from ...geometry.poses import make_pose
from ...geometry.rotations import from_rotation_vector, to_rotation_vector

ARM_NAMES = ("x_m", "y_m", "z_m", "rx_rad", "ry_rad", "rz_rad")
NAMES = (*ARM_NAMES, "gripper")
Numbers = NDArray[np.float64]
Rows = NDArray[np.float64]  # (ticks, 7), or (ticks, 6)


def to_rows(actions: Sequence[Action]) -> Rows:
    """Targets (ticks, 7), or (ticks, 6) where they have no gripper; neighbours may be averaged, as
    no rotation vector jumps by a turn."""
    if not actions:
        return np.zeros((0, len(NAMES)))
    poses = np.stack([action.ee_pose for action in actions])
    vectors = without_jumps(to_rotation_vector(poses[:, :3, :3]))
    arm = np.concatenate([poses[:, :3, 3], vectors], 1)
    grippers = [[action.gripper] for action in actions if action.gripper is not None]
    return np.concatenate([arm, grippers], 1) if grippers else arm


def from_rows(rows: Rows) -> list[Action]:
    """The actions that ``to_rows`` wrote."""
    poses = make_pose(from_rotation_vector(rows[:, 3:6]), rows[:, :3])
    grippers = rows[:, 6].tolist() if rows.shape[1] == len(NAMES) else [None] * len(rows)
    return [
        Action(ee_pose=pose, gripper=gripper, decided_by=Decider.POLICY)
        for pose, gripper in zip(poses, grippers, strict=True)
    ]


def at_rate(rows: Rows, rate_hz: float, wanted_hz: float, start: Pose) -> Rows:
    """Targets (ticks, n) for ticks of another rate, over the same time and on the same straight
    lines. A row is where to be one tick later; ``start`` (4, 4) is where the first tick begins."""
    if rate_hz == wanted_hz or not len(rows):
        return rows
    ends = tick_ends(len(rows) / rate_hz, wanted_hz) * rate_hz  # in ticks of ``rate_hz``
    first = [*start[:3, 3], *to_rotation_vector(start[:3, :3])]
    points = np.concatenate([[first], rows[:, :6]])
    points[:, 3:] = without_jumps(points[:, 3:])
    moves = [np.interp(ends, np.arange(len(points)), column) for column in points.T]
    return np.concatenate([np.stack(moves, 1), rows[tick_at(ends), 6:]], 1)


def tick_ends(seconds: float, rate_hz: float) -> Numbers:
    """When each tick of a rate ends, s, of those that end within ``seconds``."""
    return np.arange(1, int(seconds * rate_hz + 1e-6) + 1) / rate_hz


def tick_at(ends: Numbers) -> NDArray[np.int64]:
    """The ticks in which these times, in ticks, lie; a tick's end belongs to it."""
    return np.ceil(ends - 1e-6).astype(np.int64) - 1


def without_jumps(vectors: Rows) -> Rows:
    """Rotation vectors (n, 3), each written with the angle that lies nearest to the one before:
    a hand that points down turns by about π, where a vector and its opposite mean the same."""
    smooth = vectors.copy()
    for before, vector in pairwise(smooth):
        angle = float(np.linalg.norm(vector))
        if angle > 1e-9:
            turns = np.round((before @ vector / angle - angle) / (2 * np.pi))
            vector *= 1 + 2 * np.pi * turns / angle
    return smooth
