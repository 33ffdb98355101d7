"""The numbers of a demo that robomimic made of one of robosuite's."""

from collections.abc import Sequence
from dataclasses import dataclass

import h5py
import numpy as np

from ...embodiment import FRANKA_GRIPPER
from ...steps import Decider
from ..imported.episode import Floats, Motion
from ..imported.stored import dataset_at, has, numbers
from .about import PANDA, About
from .controller import grippers
from .robosuite import Standing, standing

WIDTHS = {
    "obs/robot0_joint_pos": 7,
    "obs/robot0_eef_pos": 3,
    "obs/robot0_eef_quat": 4,
    "obs/robot0_gripper_qpos": 2,
}
SPEEDS, ACTIONS, REWARDS = "obs/robot0_joint_vel", "actions", "rewards"
READ = (*WIDTHS, SPEEDS, ACTIONS, REWARDS)
ASKED = (
    "Each step's target is the pose that its action asks robosuite's controller for, from where "
    "the hand is at that step. Above 0 an action closes the gripper, below 0 it opens it."
)
REACHED = (
    "Each step's target is the pose that the next step reached, and the gripper's how far it was "
    "open there: what the actions ask for is not known, since {}."
)
UNSAID = "Who decided is not told; the steps count as decided by an operator."


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """What is known of the robot."""

    motion: Motion
    stands: Standing
    said: Sequence[str]  # what was taken for granted


def why_pictures_alone(demo: h5py.Group, steps: int, about: About) -> str:
    """Or nothing, where the demo has the numbers of one Panda. Raises LookupError, ValueError."""
    if about.robots not in ([], [PANDA]):
        names = ", ".join(about.robots)
        return f"The file names its robot {names!a:.60}, which is no {PANDA} on a table"
    for name, width in WIDTHS.items():
        if not has(demo, name):
            return f"The demo has no {name}"
        shape = dataset_at(demo, name).shape
        if shape != (steps, width):
            return f"{name} has the shape {shape}, and a Panda's is {(steps, width)}"
    return ""


def moved(demo: h5py.Group, steps: int, about: About) -> Moved:
    """Raises EpisodeRefused, LookupError, ValueError."""
    joints, places, turns, fingers = (
        numbers(demo, name, steps, width) for name, width in WIDTHS.items()
    )
    stands = standing(joints, places, turns)
    widths = np.abs(fingers).sum(1)
    asked = _asked(demo, steps, about, stands)
    targets, closing = (stands.hands[1:], None) if isinstance(asked, str) else asked
    opening = FRANKA_GRIPPER.opening_m
    motion = Motion(
        joints_rad=joints,
        speeds_rad_s=_speeds(demo, steps),
        poses=stands.hands,
        widths_m=widths,
        targets=targets,
        grippers=np.clip(widths[1:] / opening, 0.0, 1.0)
        if closing is None
        else grippers(closing, float(widths[0]), opening),
        decided_by=np.full(len(targets), Decider.OPERATOR, np.uint8),
    )
    return Moved(motion, stands, [REACHED.format(asked) if isinstance(asked, str) else ASKED])


def _asked(
    demo: h5py.Group, steps: int, about: About, stands: Standing
) -> tuple[Floats, Floats] | str:
    """Targets (T, 4, 4) and what the actions ask of the gripper (T,), or why neither is known."""
    width = dataset_at(demo, ACTIONS).shape[1]
    if reason := about.controller.unknown(width):
        return reason
    actions = numbers(demo, ACTIONS, steps, width)
    targets = about.controller.targets(actions, stands)
    if targets is None:
        return "by its controller they ask for poses far from where the hand is"
    return targets, actions[:, -1]


def _speeds(demo: h5py.Group, steps: int) -> Floats:
    if not has(demo, SPEEDS):
        return np.full((steps, 7), np.nan)
    return numbers(demo, SPEEDS, steps, 7)


def was_rewarded(demo: h5py.Group, steps: int, about: About) -> bool | None:
    """True where it succeeded by the rewards; None where they do not tell. Raises ValueError."""
    if about.environment.env_kwargs.reward_shaping or not has(demo, REWARDS):
        return None
    return True if (numbers(demo, REWARDS, steps, 1) >= 1).any() else None
