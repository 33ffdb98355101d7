"""Which columns of a data set tell what the robot did: by their names in what teachloop wrote, by
what a person says of those of others, and never by a guess."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from ....geometry.arms import ARMS, ArmName
from ....geometry.kinematics import Kinematics
from ....geometry.poses import from_nine_numbers
from ...action_targets import integrate
from ...embodiment import FRANKA_GRIPPER, Embodiment
from ...steps import Decider
from ..imported.episode import EpisodeRefused, Floats, Motion
from .columns import numbers
from .dataset import Dataset
from .options import LeRobotReading

STATE, POSE, ACTION, DECIDED = "observation.state", "observation.ee_pose", "action", "decided_by"
JOINTS = [f"joint_{number}_rad" for number in range(1, 8)]
WIDTH = "gripper_width_m"
VAGUE = "franka"  # a Panda or an FR3, which have the same links
ARMS_BY_TYPE: Mapping[str, ArmName] = {
    "franka_panda": "panda",
    "panda": "panda",
    VAGUE: "panda",
    "franka_fr3": "fr3",
    "fr3": "fr3",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows become a motion."""

    embodiment: Embodiment
    actions: str  # of teachloop's own: poses, deltas or joints; of others ""
    joints: tuple[str, int]  # a column, and at which of its numbers they begin
    gripper: tuple[str, int] | None
    gripper_tells: str

    @property
    def columns(self) -> list[str]:
        own = [POSE, ACTION, DECIDED] if self.actions else []
        return [self.joints[0], *([self.gripper[0]] if self.gripper else []), *own]


def layout_of(dataset: Dataset, told: LeRobotReading) -> Layout | str:
    """Or why the pictures alone can be imported. Raises EpisodeRefused."""
    if dataset.is_own:
        return _own(dataset)
    arm = told.arm or ARMS_BY_TYPE.get((dataset.info.robot_type or "").lower())
    if arm is None:
        return (
            f"The data set names its robot {dataset.info.robot_type!a:.60}, which is no arm of "
            "Franka's: the pictures alone were imported."
        )
    if not told.joints:
        return (
            "The data set does not tell which of its numbers are the joint angles in radians, and "
            "nobody said it: the pictures alone were imported."
        )
    gripper = FRANKA_GRIPPER if told.gripper else None
    return Layout(
        Embodiment(arm=arm, gripper=gripper),
        "",
        _place(told.joints),
        _place(told.gripper) if told.gripper else None,
        told.gripper_tells,
    )


def _own(dataset: Dataset) -> Layout:
    """Raises EpisodeRefused."""
    about, features = dataset.about(), dataset.info.features
    try:
        embodiment = Embodiment.model_validate(about["embodiment"])
    except ValidationError:
        raise EpisodeRefused("meta/teachloop.json tells of no robot that can be known.") from None
    has_gripper = embodiment.gripper is not None
    wanted = [*JOINTS, *([WIDTH] if has_gripper else [])]
    actions = about.get("actions")
    if actions not in ("poses", "deltas", "joints") or not {POSE, ACTION, STATE} <= {*features}:
        raise EpisodeRefused("meta/teachloop.json and the features do not belong together.")
    if features[STATE].named != wanted:
        raise EpisodeRefused(f"{STATE} has not the joints that meta/teachloop.json tells of.")
    return Layout(
        embodiment, str(actions), (STATE, 0), (STATE, 7) if has_gripper else None, "metres"
    )


def _place(text: str) -> tuple[str, int]:
    name, _, begin = text.partition(":")
    return name, int(begin or 0)


def motion_of(table: pa.Table, layout: Layout) -> Motion:
    """Raises EpisodeRefused."""
    joints = _part(table, layout.joints, 7)
    embodiment = layout.embodiment
    kinematics = Kinematics(ARMS[embodiment.arm], embodiment.tool.pose)
    widths = _widths(table, layout)
    if layout.actions:
        return _own_motion(table, layout, joints, widths, kinematics)
    poses = np.array([kinematics.forward(each) for each in joints])
    return Motion(
        joints_rad=joints,
        speeds_rad_s=np.full_like(joints, np.nan),
        poses=poses,
        widths_m=widths,
        targets=poses[1:],
        grippers=None if widths is None else _share(widths[1:], layout),
        decided_by=np.full(len(joints) - 1, Decider.OPERATOR, np.uint8),
    )


def _own_motion(
    table: pa.Table, layout: Layout, joints: Floats, widths: Floats | None, kinematics: Kinematics
) -> Motion:
    poses = _poses(numbers(table, POSE))
    width = {"poses": 9, "deltas": 6, "joints": 7}[layout.actions]
    actions = numbers(table, ACTION)
    if actions.shape[1] != width + (widths is not None):
        raise EpisodeRefused(
            f"An action has {actions.shape[1]} numbers, which is not what is told."
        )
    if layout.actions == "poses":
        targets = _poses(actions[:, :9])
    elif layout.actions == "deltas":
        targets = integrate(poses[0], actions[:, :6])
    else:
        targets = np.array([kinematics.forward(each) for each in actions[:, :7]])
    decided = numbers(table, DECIDED)[:, 0]
    if not np.isin(decided, [each.value for each in Decider]).all():
        raise EpisodeRefused("decided_by names nobody who can decide.")
    return Motion(
        joints_rad=joints,
        speeds_rad_s=np.full_like(joints, np.nan),
        poses=poses,
        widths_m=widths,
        targets=targets,
        grippers=None if widths is None else np.clip(actions[:, -1], 0.0, 1.0),
        decided_by=decided.astype(np.uint8),
    )


def _poses(rows: Floats) -> Floats:
    """Of (T, 9). Raises EpisodeRefused."""
    if rows.shape[1] != 9:
        raise EpisodeRefused(f"A pose has {rows.shape[1]} numbers instead of 9.")
    with np.errstate(invalid="ignore", divide="ignore"):
        poses = from_nine_numbers(rows)
    if not np.isfinite(poses).all():
        raise EpisodeRefused("A pose has a rotation that is none.")
    return poses


def _part(table: pa.Table, place: tuple[str, int], count: int) -> Floats:
    name, begin = place
    rows = numbers(table, name)[:, begin : begin + count]
    if rows.shape[1] != count or np.abs(rows).max() > 1e3:
        raise EpisodeRefused(f"{name!r:.60} has not {count} fitting numbers from {begin} on.")
    return rows


def _widths(table: pa.Table, layout: Layout) -> Floats | None:
    if layout.gripper is None:
        return None
    column = _part(table, layout.gripper, 1)[:, 0]
    if layout.gripper_tells == "metres":
        return np.clip(column, 0.0, None)
    opening = FRANKA_GRIPPER.opening_m * np.clip(column, 0.0, 1.0)
    return opening if layout.gripper_tells == "open" else FRANKA_GRIPPER.opening_m - opening


def _share(widths_m: Floats, layout: Layout) -> Floats:
    gripper = layout.embodiment.gripper or FRANKA_GRIPPER
    return np.clip(widths_m / gripper.opening_m, 0.0, 1.0)
