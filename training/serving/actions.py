"""Chunks of actions as rows of numbers (ticks, 7), and back.

A row is an absolute target in the base frame: position in metres, rotation vector in radians,
gripper from 0 (closed) to 1 (open).
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Action, Decider
from ...geometry.poses import make_pose
from ...geometry.rotations import from_rotation_vector, to_rotation_vector

NAMES = ("x_m", "y_m", "z_m", "rx_rad", "ry_rad", "rz_rad", "gripper")
RATE_HZ = 20.0  # of the rows, which are the station's ticks
Rows = NDArray[np.float64]


def to_rows(actions: Sequence[Action]) -> Rows:
    """Targets (ticks, 7); neighbours may be averaged, as no rotation vector jumps by a turn."""
    if not actions:
        return np.zeros((0, len(NAMES)))
    poses = np.stack([action.ee_pose for action in actions])
    vectors = without_jumps(to_rotation_vector(poses[:, :3, :3]))
    grippers = np.array([[action.gripper] for action in actions])
    return np.concatenate([poses[:, :3, 3], vectors, grippers], 1)


def from_rows(rows: Rows) -> list[Action]:
    """The actions that ``to_rows`` wrote."""
    poses = make_pose(from_rotation_vector(rows[:, 3:6]), rows[:, :3])
    return [
        Action(ee_pose=pose, gripper=float(gripper), decided_by=Decider.POLICY)
        for pose, gripper in zip(poses, rows[:, 6], strict=True)
    ]


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
