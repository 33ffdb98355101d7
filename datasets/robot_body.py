"""Where the robot's body is, as far as its joints and its tool tell."""

import numpy as np

from ..geometry.arm_shape import arm, franka_hand, other_tool
from ..geometry.capsules import Capsules
from ..geometry.panda import HAND
from ..geometry.poses import inverse
from ..geometry.rotations import Array
from .steps import Pose
from .tool import FRANKA_HAND, Tool


def robot_body(joints_rad: Array, ee_pose: Pose, tool: Tool, width_m: float | None) -> Capsules:
    """In the base frame, for joint angles (7,) and the end effector (4, 4); ``width_m``: between
    the fingers, None where there are none."""
    flange = ee_pose @ inverse(tool.pose)
    return arm(joints_rad) + _at_flange(tool, width_m).moved(flange)


def _at_flange(tool: Tool, width_m: float | None) -> Capsules:
    """In the flange's frame."""
    if width_m is None or not np.isfinite(width_m) or not tool.same_as(FRANKA_HAND):
        return other_tool(tool.pose)
    return franka_hand(float(width_m)).moved(HAND)
