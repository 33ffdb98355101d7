"""How an arm stood along a take, for whoever looks at it in space."""

import numpy as np

from ..geometry.arms import ARMS
from ..geometry.kinematics import Kinematics
from ..geometry.panda import link_poses
from ..runtime.validation import StrictModel
from .alignment import latest
from .hand_path import MOST_POINTS, Point, point_of
from .takes.reader import Take


class ArmPath(StrictModel):
    """At places evenly in time, as many as its ``HandPath`` has."""

    chains_mm: tuple[tuple[Point, ...], ...]
    """Of each, in the base frame: the base, the seven joints, and the tool's centre point."""


def arm_path(take: Take) -> ArmPath | None:
    """Of an open take; None where the joints' angles are not known."""
    time_ns = take.actions.time_ns
    if take.info.kind == "pictures" or not len(time_ns) or not len(take.robot.time_ns):
        return None
    measured = np.maximum(latest(take.robot.time_ns, time_ns), 0)
    ticks = np.linspace(0, len(time_ns) - 1, min(MOST_POINTS, len(time_ns))).round().astype(int)
    joints = take.robot.joint_positions_rad[measured[ticks]]
    if not np.isfinite(joints).all():
        return None
    embodiment = take.info.embodiment
    kinematics = Kinematics(ARMS[embodiment.arm], embodiment.tool.pose)
    return ArmPath(chains_mm=tuple(_chain(kinematics, each) for each in joints))


def _chain(kinematics: Kinematics, joints_rad: np.ndarray) -> tuple[Point, ...]:
    links = link_poses(joints_rad)[:, :3, 3]
    tool = kinematics.forward(joints_rad)[:3, 3]
    return tuple(point_of(1000 * place) for place in (np.zeros(3), *links, tool))
