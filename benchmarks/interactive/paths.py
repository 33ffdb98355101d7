"""Ways of hands and objects: smooth functions of time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from teachloop.datasets.steps import Pose
from teachloop.geometry.panda import tool_down
from teachloop.geometry.poses import inverse, make_pose
from teachloop.geometry.rotations import from_rotation_vector
from teachloop.simulation.scenes import ObjectSpec

Way = Callable[[float], Pose]  # seconds from the start -> pose (4, 4) in the base frame
UPRIGHT = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])  # z axis to the front


@dataclass(frozen=True, slots=True)
class Stops:
    """Values at given seconds, at rest in each, minimum jerk between (Flash & Hogan 1985)."""

    times_s: Sequence[float]
    values: Sequence[Sequence[float]]

    def at(self, time_s: float) -> NDArray[np.float64]:
        for (start, end), (come, go) in zip(
            pairwise(self.times_s), pairwise(self.values), strict=True
        ):
            if time_s < end:
                share = float(np.clip((time_s - start) / (end - start), 0, 1))
                smooth = share**3 * (10 - 15 * share + 6 * share**2)
                return np.asarray(come) + smooth * np.subtract(go, come)
        return np.asarray(self.values[-1], np.float64)


def hand_along(times_s: Sequence[float], places: Sequence[Sequence[float]]) -> Way:
    """A hand that points down, through places (x, y, z, yaw)."""
    stops = Stops(times_s, places)
    return lambda time_s: tool_down(stops.at(time_s)[3], stops.at(time_s)[:3])


def object_along(
    times_s: Sequence[float],
    places: Sequence[Sequence[float]],
    rotation: NDArray[np.float64] | None = None,
) -> Way:
    """An object through places (x, y, z, yaw); ``rotation`` (3, 3) is how it stands at yaw 0."""
    stops = Stops(times_s, places)
    standing = np.eye(3) if rotation is None else rotation

    def pose(time_s: float) -> Pose:
        x, y, z, yaw = stops.at(time_s)
        return make_pose(from_rotation_vector([0.0, 0.0, yaw]) @ standing, [x, y, z])

    return pose


def carried(item: ObjectSpec, hand: Way, start_s: float, end_s: float) -> Way:
    """An object that lies still, goes with the hand from one time to another, and lies again."""
    first = resting(item)
    held = inverse(hand(start_s)) @ first

    def pose(time_s: float) -> Pose:
        return first if time_s < start_s else hand(min(time_s, end_s)) @ held

    return pose


def resting(item: ObjectSpec) -> Pose:
    """Where an object lies at the start."""
    height = item.kind.height_m / 2 if item.kind.graspable else 0.0
    turned = from_rotation_vector([0.0, 0.0, item.yaw_rad])
    return make_pose(turned, [item.x_m, item.y_m, height])
