"""Brings the simulated arm and hand towards absolute targets, one control tick at a time."""

# MuJoCo's names come from a compiled module without stubs.
# pyright: reportAttributeAccessIssue=false

import mujoco
import numpy as np

from ..datasets.steps import Action
from ..geometry.panda import (
    HAND_OPENING_M,
    JOINT_LOWER_RAD,
    JOINT_SPEED_RAD_S,
    JOINT_UPPER_RAD,
    inverse_kinematics,
)
from ..geometry.rotations import Array
from .panda_xml import DAMPING_NMS_RAD, STIFFNESS_NM_RAD

FINGER_SPEED_M_S = 0.10  # of each finger


class Servo:
    """Inverse kinematics, limits of speed, and interpolation between two ticks.

    Joint 1–7 and the left and right finger are the first nine of qpos and of ctrl.
    """

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData, tick_s: float) -> None:
        self._model, self._data, self._tick_s = model, data, tick_s
        self._steps = round(tick_s / model.opt.timestep)
        self._joints = np.zeros(7)
        self._speed = np.zeros(7)
        self._finger = 0.0

    def hold(self) -> None:
        """Take the present joints as the target."""
        self._joints = self._data.qpos[:7].copy()
        self._speed = np.zeros(7)
        self._finger = float(self._data.qpos[7:9].mean())
        self._data.ctrl[:7], self._data.ctrl[7:9] = self._joints, self._finger

    def follow(self, action: Action) -> None:
        """Simulate one tick, at whose end the arm is commanded to be at the target."""
        joints = self._reachable(inverse_kinematics(action.ee_pose, self._joints, iterations=6))
        finger = self._reachable_finger(action.gripper)
        speed = (joints - self._joints) / self._tick_s
        for ctrl in self._ramp(joints, speed, finger):
            self._data.ctrl[:] = ctrl
            mujoco.mj_step(self._model, self._data)
        self._joints, self._speed, self._finger = joints, speed, finger

    def _ramp(self, joints: Array, speed: Array, finger: float) -> Array:
        """The servos' targets (steps, 9) on the way to the next tick.

        The servos' damping is paid back, so that they do not lag behind a moving target.
        """
        share = np.arange(1, self._steps + 1)[:, None] / self._steps
        moving = self._speed + share * (speed - self._speed)
        damped = moving * DAMPING_NMS_RAD / STIFFNESS_NM_RAD
        fingers = self._finger + share * (finger - self._finger)
        arm = self._joints + share * (joints - self._joints) + damped
        return np.concatenate([arm, fingers, fingers], 1)

    def _reachable(self, joints: Array) -> Array:
        farthest = JOINT_SPEED_RAD_S * self._tick_s
        near = self._joints + np.clip(joints - self._joints, -farthest, farthest)
        return np.clip(near, JOINT_LOWER_RAD, JOINT_UPPER_RAD)

    def _reachable_finger(self, gripper: float) -> float:
        wanted = float(np.clip(gripper, 0.0, 1.0)) * HAND_OPENING_M / 2
        farthest = FINGER_SPEED_M_S * self._tick_s
        return self._finger + float(np.clip(wanted - self._finger, -farthest, farthest))
