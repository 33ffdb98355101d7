"""robosuite's Panda, in the frames of ours.

robosuite tells where the point between the fingers is in its world, and how the hand is turned
there. Its Panda has Franka's links; that point, its *grip site*, lies 97 mm from the flange, a
little before our centre point, and has our hand's axes. The quaternion is the hand's body's, which
most versions turn by a right angle from the grip site.

Where the base stands in that world depends on the table of each environment. It follows from the
joint angles and the poses; where none follows, the demo is of another robot, and refused.
"""

from dataclasses import dataclass

import numpy as np

from ....geometry.arms import PANDA
from ....geometry.kinematics import Kinematics
from ....geometry.panda import HAND_TOOL, HAND_YAW_RAD
from ....geometry.poses import farthest_apart, inverse, make_pose
from ....geometry.rotations import from_quaternion, from_rotation_vector
from ..imported.episode import EpisodeRefused, Floats

GRIP_SITE_M = 0.097
NEAR_M, NEAR_RAD = 0.01, 0.03  # by how much a pose may miss that of its joints


def _at_flange(yaw_rad: float) -> Floats:
    return make_pose(from_rotation_vector([0.0, 0.0, yaw_rad]), [0.0, 0.0, GRIP_SITE_M])


GRIP_SITE = _at_flange(HAND_YAW_RAD)
REPORTED = (_at_flange(HAND_YAW_RAD + np.pi / 2), GRIP_SITE)
SITE_TO_HAND = inverse(GRIP_SITE) @ HAND_TOOL


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A Panda in robosuite's world."""

    base: Floats  # (4, 4) its pose there
    sites: Floats  # (T, 4, 4) of the grip site, in the base frame
    misses_m: float  # by so much, at most, poses miss those of the joints
    misses_rad: float

    @property
    def hands(self) -> Floats:
        """Poses (T, 4, 4) of the centre point of a Franka Hand in the base frame."""
        return self.sites @ SITE_TO_HAND


def standing(joints_rad: Floats, positions: Floats, quaternions: Floats) -> Standing:
    """From joint angles (T, 7), positions (T, 3) and quaternions (T, 4), x, y, z, w. Raises
    EpisodeRefused where they are of no Panda that stands anywhere."""
    if (np.linalg.norm(quaternions, axis=1) < 0.5).any():
        raise EpisodeRefused("A quaternion of the demo is no rotation.")
    kinematics = Kinematics(PANDA, np.eye(4))
    flanges = np.array([kinematics.forward(each) for each in joints_rad])
    told = make_pose(from_quaternion(quaternions), positions)
    found = min(
        (_fitted(flanges, each, told) for each in REPORTED),
        key=lambda each: each.misses_m + each.misses_rad,
    )
    if not (found.misses_m <= NEAR_M and found.misses_rad <= NEAR_RAD):
        raise EpisodeRefused(
            "It is not of robosuite's Panda on a base that stands: wherever that is, the poses are "
            f"up to {1000 * found.misses_m:.0f} mm and {np.degrees(found.misses_rad):.0f}° from "
            "where the joint angles bring a Panda's hand."
        )
    return found


def _fitted(flanges: Floats, reported: Floats, told: Floats) -> Standing:
    """The base from which the poses are nearest: ``reported`` (4, 4) is what is told, as seen from
    the flange."""
    reached = flanges @ reported
    turn = np.einsum("tij,tkj->ik", told[:, :3, :3], reached[:, :3, :3])
    u, _, vt = np.linalg.svd(turn)  # the nearest rotation, Arun et al. 1987
    rotation = u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt
    shift = told[:, :3, 3] - reached[:, :3, 3] @ rotation.T
    base = make_pose(rotation, shift.mean(0))
    return Standing(base, flanges @ GRIP_SITE, *farthest_apart(base @ reached, told))
