"""Where joints bring the centre point of the tool at a Franka's flange, and back.

Panda and FR3 have the same links, so one DH table holds for both; what differs is how far each
joint turns.
"""

import numpy as np
from numpy.typing import ArrayLike

from .arms import PANDA, Arm
from .panda import FLANGE, HAND_TOOL, HOME_JOINTS_RAD, link_poses
from .rotations import Array, to_rotation_vector

_NEXT, _LAST = [1, 2, 0], [2, 0, 1]


class Kinematics:
    """Of an arm with a tool, whose centre point lies at ``flange_to_tool`` (4, 4) in the flange's
    frame; Franka calls that transform F_T_EE. Left out, it is a Panda with its Franka Hand."""

    def __init__(self, arm: Arm = PANDA, flange_to_tool: Array = HAND_TOOL) -> None:
        self.arm, self.flange_to_tool = arm, flange_to_tool
        self._tool_in_link7 = FLANGE @ flange_to_tool

    def forward(self, joints_rad: ArrayLike) -> Array:
        """The tool's pose (4, 4) in the base frame for joint angles (7,)."""
        return link_poses(joints_rad)[6] @ self._tool_in_link7

    def jacobian(self, joints_rad: ArrayLike) -> Array:
        """Base-frame Jacobian (6, 7): linear rows over angular rows, at the tool's centre point."""
        return self._pose_and_jacobian(joints_rad)[1]

    def _pose_and_jacobian(self, joints_rad: ArrayLike) -> tuple[Array, Array]:
        links = link_poses(joints_rad)
        pose = links[6] @ self._tool_in_link7
        axes = links[:, :3, 2].T
        arms = pose[:3, 3:] - links[:, :3, 3].T
        # The cross product axes × arms:
        linear = axes[_NEXT] * arms[_LAST] - axes[_LAST] * arms[_NEXT]
        return pose, np.concatenate([linear, axes])

    def inverse(
        self,
        target: Array,
        start_rad: ArrayLike,
        *,
        home_rad: ArrayLike = HOME_JOINTS_RAD,
        iterations: int = 8,
        posture_gain: float = 0.05,
    ) -> Array:
        """Joint angles (7,) near ``start_rad`` that bring the tool to ``target`` (4, 4).

        Damped least squares (Wampler 1986); the redundant joint is drawn towards ``home_rad`` in
        the null space. Angles stay within the joint limits; out of reach, the nearest found pose.
        """
        joints = np.asarray(start_rad, np.float64).copy()
        for _ in range(iterations):
            pose, columns = self._pose_and_jacobian(joints)
            error = _pose_error(pose, target)
            damping = 1e-6 + 0.02 * min(float(error @ error), 1.0)
            inverse = columns.T @ np.linalg.inv(columns @ columns.T + damping * np.eye(6))
            posture = posture_gain * (np.asarray(home_rad) - joints)
            step = inverse @ error + posture - inverse @ (columns @ posture)
            joints = np.clip(joints + step, self.arm.lower_rad, self.arm.upper_rad)
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
