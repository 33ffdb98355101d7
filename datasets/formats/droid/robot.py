"""DROID's Franka, in the frames of ours.

Its poses are of the last link that its controller knows, in the base frame: position, and turns
about the base's fixed x, y and z in this order. Which point of ours that is follows from the joint
angles: it lies still in the flange's frame. Where none does, the numbers are of another robot, and
the episode is refused.

A gripper's number is 0 where it is open and 1 where it is closed, a Robotiq 2F-85 as DROID has it.
"""

import re

import h5py
import numpy as np

from ....geometry.arms import ARMS, ArmName
from ....geometry.kinematics import Kinematics
from ....geometry.poses import farthest_apart, inverse, make_pose
from ....geometry.roll_pitch_yaw import from_roll_pitch_yaw
from ...embodiment import Gripper
from ...steps import Decider
from ...tool import FLANGE, Tool
from ..imported.episode import EpisodeRefused, Floats, Motion
from ..imported.stored import has, numbers

GRIPPER = Gripper(driver="robotiq_2f85", opening_m=0.085)
NEAR_M, NEAR_RAD = 0.01, 0.03  # by how much a pose may miss that of its joints
STATE, ACTION = "observation/robot_state", "action"
SKIPPED = "observation/timestamp/skip_action"
JOINTS, SPEEDS = f"{STATE}/joint_positions", f"{STATE}/joint_velocities"
POSES, CLOSED = f"{STATE}/cartesian_position", f"{STATE}/gripper_position"
TARGETS, TARGET_JOINTS = f"{ACTION}/cartesian_position", f"{ACTION}/joint_position"
TARGET_CLOSED = f"{ACTION}/gripper_position"
READ = (JOINTS, SPEEDS, POSES, CLOSED, TARGETS, TARGET_JOINTS, TARGET_CLOSED, SKIPPED)


def arm_of(robot_serial: str) -> ArmName:
    """DROID writes the kind of arm before its number; a Panda where it does not."""
    return "fr3" if re.match(r"fr3\b", robot_serial.lower()) else "panda"


def moved(file: h5py.File, steps: int, arm: ArmName) -> tuple[Motion, Tool]:
    """What it did, and which point poses are of. Raises EpisodeRefused, LookupError, ValueError."""
    joints = numbers(file, JOINTS, steps, 7)
    tool = _point(joints, poses_of(numbers(file, POSES, steps, 6)), arm)
    motion = Motion(
        joints_rad=joints,
        speeds_rad_s=numbers(file, SPEEDS, steps, 7),
        poses=_reached(joints, arm, tool),
        widths_m=(1 - _shares(file, CLOSED, steps)) * GRIPPER.opening_m,
        targets=_targets(file, steps, arm, tool),
        grippers=1 - _shares(file, TARGET_CLOSED, steps),
        decided_by=_decided(file, steps),
    )
    return motion, tool


def poses_of(rows: Floats) -> Floats:
    """Positions and turns (…, 6), m and rad, as poses (…, 4, 4)."""
    return make_pose(from_roll_pitch_yaw(rows[..., 3:]), rows[..., :3])


def _point(joints_rad: Floats, told: Floats, arm: ArmName) -> Tool:
    """Raises EpisodeRefused."""
    seen = inverse(_reached(joints_rad, arm, FLANGE)) @ told
    metres, radians = farthest_apart(np.broadcast_to(seen[0], seen.shape), seen)
    if not (metres <= NEAR_M and radians <= NEAR_RAD):
        raise EpisodeRefused(
            f"Joint angles and poses do not belong together by the kinematics of a {arm} (they "
            f"move {1000 * metres:.0f} mm and {np.degrees(radians):.0f}° apart): this is another "
            "robot."
        )
    middle = seen[len(seen) // 2]
    if np.abs(middle[:3, 3]).max() > 1:
        raise EpisodeRefused("The point that its poses are of lies more than 1 m off the flange.")
    return Tool.of(middle)


def _reached(joints_rad: Floats, arm: ArmName, tool: Tool) -> Floats:
    kinematics = Kinematics(ARMS[arm], tool.pose)
    return np.array([kinematics.forward(each) for each in joints_rad])


def _targets(file: h5py.File, steps: int, arm: ArmName, tool: Tool) -> Floats:
    """Poses; where joints alone were commanded, those that they lead to."""
    if has(file, TARGETS):
        return poses_of(numbers(file, TARGETS, steps, 6))
    return _reached(numbers(file, TARGET_JOINTS, steps, 7), arm, tool)


def _shares(file: h5py.File, name: str, steps: int) -> Floats:
    return np.clip(numbers(file, name, steps, 1)[:, 0], 0.0, 1.0)


def _decided(file: h5py.File, steps: int) -> np.ndarray:
    decided = np.full(steps, Decider.OPERATOR, np.uint8)
    if has(file, SKIPPED):
        decided[numbers(file, SKIPPED, steps, 1)[:, 0] != 0] = Decider.HOLD
    return decided
