"""The body of a Franka, coarse: capsules on the frames of its DH table, and those of its hand.

A Panda and an FR3 have the same links. The figures are rough, and a little larger than the body:
they say what it hides from a camera, and are no use to keep clear of it.
"""

import numpy as np
from numpy.typing import ArrayLike

from .capsules import Capsules
from .panda import link_poses
from .rotations import Array

# Link, start, end, radius; the link's own frame, metres.
_LINKS = (
    (0, (0.0, 0.0, -0.14), (0.0, 0.0, -0.03), 0.065),
    (0, (0.0, -0.07, 0.0), (0.0, 0.07, 0.0), 0.062),
    (1, (0.0, 0.0, 0.0), (0.0, -0.19, 0.0), 0.062),
    (2, (0.0, 0.0, -0.07), (0.0825, 0.0, 0.0), 0.060),
    (2, (0.0825, -0.062, 0.0), (0.0825, 0.062, 0.0), 0.056),
    (3, (0.0, 0.0, 0.0), (-0.0825, 0.10, 0.0), 0.058),
    (4, (0.0, 0.0, -0.26), (0.0, 0.03, -0.12), 0.058),
    (4, (0.0, 0.055, -0.10), (0.0, 0.045, -0.01), 0.050),
    (4, (0.0, -0.055, 0.0), (0.0, 0.055, 0.0), 0.050),
    (5, (0.0, 0.0, 0.0), (0.088, 0.0, 0.0), 0.050),
    (5, (0.088, 0.05, 0.0), (0.088, -0.04, 0.0), 0.050),
    (6, (0.0, 0.0, 0.03), (0.0, 0.0, 0.07), 0.048),
)
_BASE = Capsules.of([((0.0, 0.0, 0.03), (0.0, 0.0, 0.14), 0.075)])
_PALM = Capsules.of([((0.0, -0.075, 0.027), (0.0, 0.075, 0.027), 0.033)])
_FINGER_ROOT_M, _FINGER_END_M, _FINGER_RADIUS_M = 0.052, 0.104, 0.011
_ROD_M = 0.05  # radius of a tool of which only its centre point is known
_HELD_M = 0.04  # from there back to where the rod ends


def arm(joints_rad: ArrayLike) -> Capsules:
    """The arm up to its flange in the base frame, for joint angles (7,)."""
    links = link_poses(joints_rad)
    parts = [Capsules.of([(start, end, r)]).moved(links[link]) for link, start, end, r in _LINKS]
    return sum(parts, _BASE)


def franka_hand(width_m: float) -> Capsules:
    """The Franka Hand in its own frame, its fingers that far apart."""
    sides = (width_m / 2 + 0.008) * np.array([-1.0, 1.0])
    fingers = [((0, y, _FINGER_ROOT_M), (0, y, _FINGER_END_M), _FINGER_RADIUS_M) for y in sides]
    return _PALM + Capsules.of(fingers)


def other_tool(flange_to_tool: Array) -> Capsules:
    """Any tool in the flange's frame: a rod that ends before what it holds."""
    tip = flange_to_tool[:3, 3]
    length_m = float(np.linalg.norm(tip))
    share = max(0.0, length_m - _HELD_M - _ROD_M) / max(length_m, _HELD_M)
    return Capsules.of([(np.zeros(3), share * tip, _ROD_M)])
