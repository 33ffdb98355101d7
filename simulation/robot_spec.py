"""The robot of a scene as plain data: which arm it is, and what is at its flange."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..datasets.steps import Pose
from ..datasets.tool import FRANKA_HAND, Tool
from ..geometry.arms import ARMS, ArmName
from ..geometry.kinematics import Kinematics
from ..geometry.panda import HAND_TOOL
from ..geometry.poses import inverse

DIGITS = 12  # of lengths and axes: what is left beyond them was lost in computing
Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RobotSpec:
    """Left out, it is a Panda with its hand, as in scenes of before. Without a hand, a rod goes
    from the flange to the tool's centre point."""

    arm: ArmName = "panda"
    tool_position_m: Numbers = FRANKA_HAND.position_m  # (3,) in the flange's frame
    tool_rotation: tuple[Numbers, ...] = FRANKA_HAND.rotation  # (3, 3), row by row
    hand: bool = True

    @classmethod
    def of(cls, arm: ArmName, tool: Tool, *, hand: bool = True) -> "RobotSpec":
        return cls(arm, tool.position_m, tool.rotation, hand)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> "RobotSpec":
        """Of JSON's values, in which tuples are lists."""
        numbers = {
            name: tuple(tuple(each) if isinstance(each, list) else each for each in values[name])
            for name in ("tool_position_m", "tool_rotation")
            if name in values
        }
        return cls(**{**values, **numbers})

    @property
    def flange_to_tool(self) -> Pose:
        """(4, 4)."""
        return Tool.model_validate(
            {"position_m": self.tool_position_m, "rotation": self.tool_rotation}
        ).pose

    @property
    def tool_to_tip(self) -> Pose:
        """(4, 4): what touches things, seen from the tool's centre point: the fingertips, or the
        rod's end, which is there."""
        if not self.hand:
            return np.eye(4)
        return np.round(inverse(self.flange_to_tool) @ HAND_TOOL, DIGITS)

    @property
    def kinematics(self) -> Kinematics:
        """Of the arm with its tool."""
        return Kinematics(ARMS[self.arm], self.flange_to_tool)


PANDA_WITH_HAND = RobotSpec()
