"""RLBench's Panda, in the frames of ours.

RLBench tells poses in the frame of its world, of the arm's *tip*. Its robot stands in that world
where ``BASE`` says; its tip lies a little beyond the centre point of the Franka Hand and is turned
by half a turn about the hand's axis; and its fourth joint is counted from 4°, where Franka counts
it from 0. These were found from demos of ``reach_target``, whose poses then follow from their joint
angles to within 1 mm and 1 mrad; an episode in which they do not is of another robot, and refused.
"""

import numpy as np

from ....geometry.kinematics import Kinematics
from ....geometry.poses import farthest_apart, inverse, make_pose
from ....geometry.rotations import Array, from_quaternion

BASE = make_pose(np.eye(3), [-0.2686, -0.0083, 0.7517])  # of the robot, in the world
TIP_TO_HAND = make_pose(np.diag([-1.0, -1.0, 1.0]), [0.0, 0.0, -0.0088])
FRANKA_COUNTS_RAD = np.array([0.0, 0.0, 0.0, np.radians(4.0), 0.0, 0.0, 0.0])
NEAR_M, NEAR_RAD = 0.01, 0.03  # by how much a pose may miss that of its joints


def hand_poses(tips: Array) -> Array:
    """Poses (…, 7) of the tip in the world, position and quaternion x, y, z, w, as those (…, 4, 4)
    of the hand's centre point in the robot's base frame."""
    return inverse(BASE) @ make_pose(from_quaternion(tips[..., 3:]), tips[..., :3]) @ TIP_TO_HAND


def farthest(joints_rad: Array, poses: Array) -> tuple[float, float]:
    """By how much the poses (T, 4, 4) miss those of the joints (T, 7) at most: m, rad."""
    kinematics = Kinematics()
    reached = np.array([kinematics.forward(joints) for joints in joints_rad])
    return farthest_apart(reached, poses)
