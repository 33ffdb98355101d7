"""Where to hold an object: tool down, turned as little as possible, fingers in free space."""

from collections.abc import Mapping

import numpy as np

from ..datasets.steps import Pose
from ..geometry.panda import HAND_OPENING_M, tool_down
from .scenes import ObjectSpec, SceneSpec

LOWEST_M = 0.013  # of the end effector; the fingertips reach 9 mm below it
_FINGER_REACH_M = HAND_OPENING_M / 2 + 0.007  # middle of an opened finger, off the middle
_FINGER_ROOM_M = 0.014


def yaw_of(pose: Pose) -> float:
    """The yaw of a tool-down end effector or of an upright object."""
    return float(np.arctan2(pose[1, 0], pose[0, 0]))


def grasp_pose(scene: SceneSpec, target: str, poses: Mapping[str, Pose], ee_pose: Pose) -> Pose:
    """The end-effector pose (4, 4) that holds the object by its middle."""
    item, pose = scene.find(target), poses[target]
    yaws = _candidate_yaws(item, yaw_of(pose), yaw_of(ee_pose))
    costs = [
        abs(_turn(yaw, yaw_of(ee_pose))) + 3.0 * _crowding(scene, target, poses, yaw)
        for yaw in yaws
    ]
    position = pose[:3, 3].copy()
    position[2] = max(position[2], LOWEST_M)
    return tool_down(yaws[int(np.argmin(costs))], position)


def _candidate_yaws(item: ObjectSpec, yaw: float, now: float) -> list[float]:
    """Hand yaws within a right angle of straight ahead at which the fingers meet flat sides."""
    if item.kind.grasp_symmetry == 0:
        return [now, *(np.linspace(-1.2, 1.2, 9))]
    step = 2 * np.pi / item.kind.grasp_symmetry
    turns = yaw + step * np.arange(item.kind.grasp_symmetry)
    wrapped = [_turn(float(turn), 0.0) for turn in turns]
    return [turn for turn in wrapped if abs(turn) <= np.pi / 2 + 0.01]


def _turn(to: float, start: float) -> float:
    """The signed angle from ``start`` to ``to`` in [−π, π)."""
    return (to - start + np.pi) % (2 * np.pi) - np.pi


def _crowding(scene: SceneSpec, target: str, poses: Mapping[str, Pose], yaw: float) -> float:
    """How many neighbours stand where an opened finger would go down."""
    closing = np.array([np.sin(yaw), -np.cos(yaw)])
    middle = poses[target][:2, 3]
    crowded = 0
    for item in scene.objects:
        if item.name == target:
            continue
        for side in (-1.0, 1.0):
            finger = middle + side * _FINGER_REACH_M * closing
            gap = float(np.linalg.norm(poses[item.name][:2, 3] - finger))
            crowded += gap < item.kind.radius_m + _FINGER_ROOM_M
    return float(crowded)
