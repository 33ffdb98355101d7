"""The numbers of a demo that teachloop wrote, see ``formats.robomimic.export``."""

import h5py
import numpy as np

from ....geometry.poses import from_nine_numbers, make_pose
from ....geometry.rotations import from_quaternion
from ...steps import Decider
from ..imported.episode import EpisodeRefused, Floats, Motion
from ..imported.stored import numbers
from ..robomimic.numbers import CLOSED, OPEN
from .about import About

JOINTS, PLACE, TURN = "obs/robot0_joint_pos", "obs/robot0_eef_pos", "obs/robot0_eef_quat"
WIDTH = "obs/robot0_gripper_width"
TARGET_PLACE, TARGET_ROWS = "action_dict/abs_pos", "action_dict/abs_rot_6d"
GRIPPER, DECIDED = "action_dict/gripper", "decided_by"
READ = (JOINTS, PLACE, TURN, WIDTH, TARGET_PLACE, TARGET_ROWS, GRIPPER, DECIDED)
LEFT_OUT = (
    "The format holds no speeds of the joints, no depth, and no pose that was asked for before the "
    "limits: they are absent."
)
LEFT_OUT_BEFORE = (
    "Nor does a file of earlier versions hold masks, or where cameras stood: they count as not "
    "calibrated."
)


def own_motion(demo: h5py.Group, steps: int, about: About) -> Motion:
    """Raises EpisodeRefused, LookupError, ValueError."""
    joints = numbers(demo, JOINTS, steps, 7)
    has_gripper = about.embodiment.gripper is not None
    return Motion(
        joints_rad=joints,
        speeds_rad_s=np.full_like(joints, np.nan),
        poses=_measured(demo, steps),
        widths_m=numbers(demo, WIDTH, steps, 1)[:, 0].clip(0.0) if has_gripper else None,
        targets=_targets(demo, steps),
        grippers=_grippers(demo, steps) if has_gripper else None,
        decided_by=_decided(demo, steps),
    )


def _measured(demo: h5py.Group, steps: int) -> Floats:
    quaternions = numbers(demo, TURN, steps, 4)
    if (np.linalg.norm(quaternions, axis=1) < 0.5).any():
        raise EpisodeRefused("A quaternion of the demo is no rotation.")
    return make_pose(from_quaternion(quaternions), numbers(demo, PLACE, steps, 3))


def _targets(demo: h5py.Group, steps: int) -> Floats:
    """The format has the first two rows of a rotation where we have columns."""
    rows = [numbers(demo, TARGET_PLACE, steps, 3), numbers(demo, TARGET_ROWS, steps, 6)]
    with np.errstate(invalid="ignore", divide="ignore"):
        poses = from_nine_numbers(np.concatenate(rows, 1))
    if not np.isfinite(poses).all():
        raise EpisodeRefused("A target of the demo has a rotation that is none.")
    return make_pose(np.swapaxes(poses[:, :3, :3], 1, 2), poses[:, :3, 3])


def _grippers(demo: h5py.Group, steps: int) -> Floats:
    told = numbers(demo, GRIPPER, steps, 1)[:, 0]
    return np.clip((CLOSED - told) / (CLOSED - OPEN), 0.0, 1.0)


def _decided(demo: h5py.Group, steps: int) -> np.ndarray:
    decided = numbers(demo, DECIDED, steps, 1)[:, 0]
    if not np.isin(decided, [each.value for each in Decider]).all():
        raise EpisodeRefused("decided_by names nobody who can decide.")
    return decided.astype(np.uint8)
