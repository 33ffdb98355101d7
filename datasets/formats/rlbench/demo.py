"""A demo's steps as arrays, from the pickle that holds all but its pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...steps import Decider
from ..imported.episode import EpisodeRefused, Floats, Motion
from .pickled import WrongPickle, read_pickle
from .robot import FRANKA_COUNTS_RAD, NEAR_M, NEAR_RAD, farthest, hand_poses
from .stored_objects import DEMO, OBSERVATION, Stored, StoredArray

LOW_DIM = "low_dim_obs.pkl"
MOST_STEPS = 10_000
LARGEST = 1e5  # of any number in a demo: metres, radians, rad/s, pixels
FINGERS = "gripper_joint_positions"


@dataclass(frozen=True, slots=True)
class Demo:
    """T steps."""

    motion: Motion
    misc: Sequence[Mapping[str, Any]]  # of each step: what is said of the cameras

    def __len__(self) -> int:
        return len(self.misc)


def read_demo(episode: Path) -> Demo:
    """Raises EpisodeRefused, OSError."""
    try:
        stored = read_pickle(episode / LOW_DIM)
    except WrongPickle as error:
        raise EpisodeRefused(str(error)) from error
    steps = _steps(stored)
    misc = [step.get("misc") for step in steps]
    return Demo(_motion(steps), [each if isinstance(each, dict) else {} for each in misc])


def _steps(stored: object) -> list[dict[str, Any]]:
    observations = stored
    if isinstance(stored, Stored) and stored.kind == DEMO:
        observations = stored.values.get("_observations")
    if not isinstance(observations, list):
        raise EpisodeRefused(f"{LOW_DIM} holds no demo of RLBench.")
    if not 2 <= len(observations) <= MOST_STEPS:
        raise EpisodeRefused(
            f"The demo has {len(observations)} steps; a take needs 2 and has at most {MOST_STEPS}."
        )
    if not all(isinstance(each, Stored) and each.kind == OBSERVATION for each in observations):
        raise EpisodeRefused("Not all steps of the demo are observations of RLBench.")
    return [each.values for each in observations]


def _motion(steps: Sequence[Mapping[str, Any]]) -> Motion:
    """Its poses in the frames of ours; the target of each step is what the next one reached."""
    joints = _column(steps, "joint_positions", 7) + FRANKA_COUNTS_RAD
    tips = _column(steps, "gripper_pose", 7)
    if (np.linalg.norm(tips[:, 3:], axis=1) < 0.5).any():
        raise EpisodeRefused("A gripper_pose of the demo has no rotation.")
    poses = hand_poses(tips)
    _require_panda(joints, poses)
    opened = _column(steps, "gripper_open", 1)[:, 0]
    return Motion(
        joints_rad=joints,
        speeds_rad_s=_column(steps, "joint_velocities", 7),
        poses=poses,
        widths_m=np.clip(_column(steps, FINGERS, 2).sum(1), 0.0, None),
        targets=poses[1:],
        grippers=np.clip(opened[1:], 0.0, 1.0),
        decided_by=np.full(len(steps) - 1, Decider.SCRIPT, np.uint8),
    )


def _require_panda(joints_rad: Floats, poses: Floats) -> None:
    metres, radians = farthest(joints_rad, poses)
    if not (metres <= NEAR_M and radians <= NEAR_RAD):
        raise EpisodeRefused(
            f"It is not of RLBench's Panda: the gripper's poses are up to {1000 * metres:.0f} mm "
            f"and {np.degrees(radians):.0f}° from where the joint angles bring a Panda's hand."
        )


def _column(steps: Sequence[Mapping[str, Any]], name: str, width: int) -> Floats:
    """(T, width). Raises EpisodeRefused."""
    rows = [numbers(step.get(name), width) for step in steps]
    if missing := [number for number, row in enumerate(rows) if row is None]:
        raise EpisodeRefused(
            f"Step {missing[0]} of the demo has no {name} of {width} finite numbers."
        )
    return np.array(rows, np.float64)


def numbers(value: object, *shape: int) -> Floats | None:
    """An array of that shape; None where it is none of finite numbers. A plain number is one of
    (1,)."""
    values = value.values if isinstance(value, StoredArray) else value
    if isinstance(values, int | float):
        values = np.array([values], np.float64) if abs(values) <= LARGEST else None
    if not isinstance(values, np.ndarray) or (values.shape or (1,)) != shape:
        return None
    found = values.astype(np.float64).reshape(shape)
    return found if (np.abs(found) <= LARGEST).all() else None
