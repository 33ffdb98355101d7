"""Tells a robot which tool is at its flange, so that its own poses and forces are of that tool.

Desk knows a nominal end effector; clients say where theirs is in the nominal one's frame
(NE_T_EE), and hear only where it is in the flange's (F_T_EE).
"""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from ....datasets.steps import Pose
from ....geometry.poses import inverse
from ...devices.interfaces import RobotError

SETTLES_S = 0.01  # until what the robot was told is in its states
NEAR = 1e-4  # metres, and of a rotation's numbers

Columns = list[float]
SetTool = Callable[[Columns], object]  # NE_T_EE
ReadTool = Callable[[], Pose]  # F_T_EE


def mount_tool(flange_to_tool: Pose, set_tool: SetTool, read_tool: ReadTool) -> None:
    """Raises RobotError where the robot does not take it, and what the two functions raise."""
    if _near(read_tool(), flange_to_tool):
        return
    set_tool(columns(np.eye(4)))
    nominal = _settled(read_tool)
    set_tool(columns(inverse(nominal) @ flange_to_tool))
    if not _near(_settled(read_tool), flange_to_tool):
        raise RobotError(
            "The robot does not take the tool of the station's settings. See which end effector "
            "Desk has, and restart the robot."
        )


def columns(matrix: Pose) -> Columns:
    """As libfranka has matrices: column by column."""
    return matrix.ravel(order="F").tolist()


def pose_of(numbers: ArrayLike) -> Pose:
    """A pose (4, 4) that libfranka wrote column by column."""
    return np.asarray(numbers, np.float64).reshape(4, 4).T


def _settled(read_tool: ReadTool) -> Pose:
    time.sleep(SETTLES_S)
    read_tool()  # the state that waited meanwhile
    return read_tool()


def _near(one: Pose, other: Pose) -> bool:
    return bool(np.abs(one - other).max() < NEAR)
