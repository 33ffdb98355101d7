"""The frames of a Franka Panda: the published DH table, its flange and hand, its joint limits.

The table is the one in Franka's Control Interface documentation, in Craig's convention. The
end-effector frame sits between the fingertips of the Franka hand, its z axis out of the hand;
its y axis is the direction in which the fingers close.
"""

import numpy as np
from numpy.typing import ArrayLike

from .poses import make_pose
from .rotations import Array

DH_A_M = np.array([0.0, 0.0, 0.0, 0.0825, -0.0825, 0.0, 0.088])
DH_D_M = np.array([0.333, 0.0, 0.316, 0.0, 0.384, 0.0, 0.0])
DH_ALPHA_RAD = np.array([0.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0]) * np.pi / 2

FLANGE_M = 0.107  # last joint frame to flange, along z
HAND_YAW_RAD = -np.pi / 4  # flange to hand, about z
FINGERTIP_M = 0.1034  # hand to end-effector frame, along z
HAND_OPENING_M = 0.08

JOINT_LOWER_RAD = np.array([-2.8973, -1.7628, -2.8973, -3.0718, -2.8973, -0.0175, -2.8973])
JOINT_UPPER_RAD = np.array([2.8973, 1.7628, 2.8973, -0.0698, 2.8973, 3.7525, 2.8973])
JOINT_SPEED_RAD_S = np.array([2.175, 2.175, 2.175, 2.175, 2.61, 2.61, 2.61])
JOINT_ACCELERATION_RAD_S2 = np.array([15.0, 7.5, 10.0, 12.5, 15.0, 20.0, 20.0])
JOINT_JERK_RAD_S3 = np.array([7500.0, 3750.0, 5000.0, 6250.0, 7500.0, 10000.0, 10000.0])
EE_SPEED_M_S, EE_ACCELERATION_M_S2, EE_JERK_M_S3 = 1.7, 13.0, 6500.0
EE_TURN_RAD_S, EE_TURN_ACCELERATION_RAD_S2, EE_TURN_JERK_RAD_S3 = 2.5, 25.0, 12500.0
JOINT_TORQUE_NM = np.array([87.0, 87.0, 87.0, 87.0, 12.0, 12.0, 12.0])

# Tool straight down over the middle of the table, 0.44 m in front of the base, 0.22 m up.
HOME_JOINTS_RAD = np.array([0.0, -0.1575, 0.0, -2.5581, 0.0, 2.4006, 0.7854])

_COS_ALPHA, _SIN_ALPHA = np.cos(DH_ALPHA_RAD), np.sin(DH_ALPHA_RAD)


def _turned_about_z(angle_rad: float, height_m: float) -> Array:
    cosine, sine = np.cos(angle_rad), np.sin(angle_rad)
    return make_pose([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]], [0, 0, height_m])


FLANGE = _turned_about_z(0.0, FLANGE_M)  # (4, 4), in the last joint's frame
HAND = _turned_about_z(HAND_YAW_RAD, 0.0)  # the Franka Hand's own frame at the flange
HAND_TOOL = _turned_about_z(HAND_YAW_RAD, FINGERTIP_M)  # between its fingertips: its F_T_EE


def joint_transforms(joints_rad: ArrayLike) -> Array:
    """Each link's pose in its parent's frame, (7, 4, 4), for joint angles (7,)."""
    cosine, sine = np.cos(joints_rad), np.sin(joints_rad)
    local = np.zeros((7, 4, 4))
    local[:, 0, 0], local[:, 0, 1], local[:, 0, 3] = cosine, -sine, DH_A_M
    local[:, 1, 0], local[:, 1, 1] = sine * _COS_ALPHA, cosine * _COS_ALPHA
    local[:, 1, 2], local[:, 1, 3] = -_SIN_ALPHA, -DH_D_M * _SIN_ALPHA
    local[:, 2, 0], local[:, 2, 1] = sine * _SIN_ALPHA, cosine * _SIN_ALPHA
    local[:, 2, 2], local[:, 2, 3] = _COS_ALPHA, DH_D_M * _COS_ALPHA
    local[:, 3, 3] = 1.0
    return local


def link_poses(joints_rad: ArrayLike) -> Array:
    """Poses of links 1 to 7 in the base frame, (7, 4, 4), for joint angles (7,)."""
    poses = joint_transforms(joints_rad)
    for link in range(1, 7):
        poses[link] = poses[link - 1] @ poses[link]
    return poses


def tool_down(yaw_rad: float, position: ArrayLike) -> Array:
    """End-effector pose (4, 4) that points straight down, its x axis at ``yaw_rad`` from base x."""
    cosine, sine = np.cos(yaw_rad), np.sin(yaw_rad)
    rotation = [[cosine, sine, 0.0], [sine, -cosine, 0.0], [0.0, 0.0, -1.0]]
    return make_pose(rotation, position)
