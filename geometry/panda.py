"""The Franka Panda's kinematics: published DH table, joint limits, Jacobian, inverse kinematics.

The table is the one in Franka's Control Interface documentation, in Craig's convention. The
end-effector frame sits between the fingertips of the Franka hand, its z axis out of the hand;
its y axis is the direction in which the fingers close.
"""

import numpy as np
from numpy.typing import ArrayLike

from .poses import make_pose
from .rotations import Array, to_rotation_vector

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
_cos, _sin = np.cos(HAND_YAW_RAD), np.sin(HAND_YAW_RAD)
_EE_IN_LINK7 = make_pose(
    [[_cos, -_sin, 0.0], [_sin, _cos, 0.0], [0.0, 0.0, 1.0]], [0.0, 0.0, FLANGE_M + FINGERTIP_M]
)


_NEXT, _LAST = [1, 2, 0], [2, 0, 1]


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


def forward_kinematics(joints_rad: ArrayLike) -> Array:
    """End-effector pose (4, 4) in the base frame for joint angles (7,)."""
    return link_poses(joints_rad)[6] @ _EE_IN_LINK7


def jacobian(joints_rad: ArrayLike) -> Array:
    """Base-frame Jacobian (6, 7): linear rows over angular rows, at the end effector."""
    return _pose_and_jacobian(joints_rad)[1]


def _pose_and_jacobian(joints_rad: ArrayLike) -> tuple[Array, Array]:
    links = link_poses(joints_rad)
    ee_pose = links[6] @ _EE_IN_LINK7
    axes = links[:, :3, 2].T
    arms = ee_pose[:3, 3:] - links[:, :3, 3].T
    linear = axes[_NEXT] * arms[_LAST] - axes[_LAST] * arms[_NEXT]  # the cross product axes × arms
    return ee_pose, np.concatenate([linear, axes])


def inverse_kinematics(
    target: Array,
    start_rad: ArrayLike,
    *,
    home_rad: ArrayLike = HOME_JOINTS_RAD,
    iterations: int = 8,
    posture_gain: float = 0.05,
) -> Array:
    """Joint angles (7,) near ``start_rad`` that bring the end effector to ``target`` (4, 4).

    Damped least squares (Wampler 1986); the redundant joint is drawn towards ``home_rad`` in
    the null space. Angles stay within the joint limits; out of reach, the nearest found pose.
    """
    joints = np.asarray(start_rad, np.float64).copy()
    for _ in range(iterations):
        pose, columns = _pose_and_jacobian(joints)
        error = _pose_error(pose, target)
        damping = 1e-6 + 0.02 * min(float(error @ error), 1.0)
        inverse = columns.T @ np.linalg.inv(columns @ columns.T + damping * np.eye(6))
        posture = posture_gain * (np.asarray(home_rad) - joints)
        step = inverse @ error + posture - inverse @ (columns @ posture)
        joints = np.clip(joints + step, JOINT_LOWER_RAD, JOINT_UPPER_RAD)
        if error @ error < 1e-6:  # within 1 mm before the step: far closer after it
            break
    return joints


def _pose_error(pose: Array, target: Array) -> Array:
    turn = target[:3, :3] @ pose[:3, :3].T
    if np.trace(turn) < 1.0:  # more than a right angle: the cheap form below would fade out
        angles = to_rotation_vector(turn)
    else:
        angles = 0.5 * np.array(
            [turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]]
        )
    return np.concatenate([target[:3, 3] - pose[:3, 3], angles])


def tool_down(yaw_rad: float, position: ArrayLike) -> Array:
    """End-effector pose (4, 4) that points straight down, its x axis at ``yaw_rad`` from base x."""
    cosine, sine = np.cos(yaw_rad), np.sin(yaw_rad)
    rotation = [[cosine, sine, 0.0], [sine, -cosine, 0.0], [0.0, 0.0, -1.0]]
    return make_pose(rotation, position)
