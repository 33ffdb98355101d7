"""Brings the simulated arm and hand towards absolute targets, one control tick at a time."""

# MuJoCo's names come from a compiled module without stubs.
# pyright: reportAttributeAccessIssue=false

import mujoco
import numpy as np

from ..datasets.steps import Action, Decider
from ..geometry.arm_motion import ArmMotion
from ..geometry.joint_spline import JointSpline
from ..geometry.joint_tracker import JointLimits
from ..geometry.panda import HAND_OPENING_M
from ..geometry.rotations import Array
from .leader import Leader
from .panda_xml import DAMPING_NMS_RAD, STIFFNESS_NM_RAD
from .robot_spec import RobotSpec

FINGER_SPEED_M_S = 0.10  # of each finger
FINGERS, NO_FINGERS = slice(7, 9), slice(7, 7)
STILL = 1e-4  # m/s or rad/s; MuJoCo's own islands fall asleep below it, too
SAME_RAD = 1e-7  # a target that differs by less is the same
ASLEEP_S = 0.5  # after so long at rest nothing will move by itself any more


class Servo:
    """Plays the arm's commanded curve, and closes the hand no faster than it can.

    Joint 1–7, then the left and right finger where there is a hand, are the first of qpos and of
    ctrl.
    """

    def __init__(
        self, model: mujoco.MjModel, data: mujoco.MjData, tick_s: float, robot: RobotSpec
    ) -> None:
        self._model, self._data, self._tick_s = model, data, tick_s
        self._fingers = FINGERS if robot.hand else NO_FINGERS
        self._kinematics, self._limits = robot.kinematics, JointLimits(arm=robot.arm)
        self._steps = round(tick_s / model.opt.timestep)
        self.hold()

    def hold(self) -> None:
        """Take the present joints as the target."""
        self._begin(np.zeros(7))
        fingers = self._data.qpos[self._fingers]
        self._finger = float(fingers.mean()) if len(fingers) else 0.0
        self._data.ctrl[:7], self._data.ctrl[self._fingers] = self._data.qpos[:7], self._finger

    def _begin(self, speeds_rad_s: Array) -> None:
        """Go on from the present joints, which have these speeds (7,)."""
        joints = self._data.qpos[:7].copy()
        self._motion = ArmMotion(self._kinematics, joints, self._limits, self._tick_s, speeds_rad_s)
        self._curve = JointSpline(joints, self._motion.step_rad)
        self._leader: Leader | None = None
        self._still_s = 0.0

    def follow(self, action: Action) -> None:
        """Simulate one tick towards a target. A world at rest stays exactly as it is."""
        if self._leader is not None:
            self._begin(self._data.qvel[:7].copy())
        finger = self._reachable_finger(action.gripper)
        targets = self._targets(self._points(action), finger)
        self._still_s = self._still_s + self._tick_s if self._rests(targets) else 0.0
        if self._still_s <= ASLEEP_S:
            self._play(targets)
        self._finger = finger

    def _play(self, targets: Array) -> None:
        for ctrl in targets:
            self._data.ctrl[:] = ctrl
            mujoco.mj_step(self._model, self._data)

    def _rests(self, targets: Array) -> bool:
        """Whether nothing moves, is to move, or is pushed."""
        data = self._data
        return bool(
            np.abs(data.qvel).max() < STILL
            and np.abs(targets - data.ctrl).max() < SAME_RAD
            and not data.xfrc_applied.any()
            and not data.qfrc_applied.any()
        )

    def give_way(self, action: Action) -> None:
        """Simulate one tick in which a hand pulls the arm, softly, to an action's pose."""
        finger = self._reachable_finger(action.gripper)
        leader = self._leader or Leader(self._model, self._data)
        self._leader = leader
        shares = np.arange(1, self._steps + 1) / self._steps
        fingers = self._finger + shares * (finger - self._finger)
        with leader.leading():
            for pose, width in zip(leader.way(action.ee_pose, shares), fingers, strict=True):
                self._data.ctrl[self._fingers] = width
                leader.pull(pose)
                mujoco.mj_step(self._model, self._data)
        self._finger = finger

    def _points(self, action: Action) -> Array:
        """The arm's control points (points, 7): the action's, or those on the way to its pose."""
        if action.points_rad is not None:
            return action.points_rad
        if action.decided_by == Decider.HOLD:
            return self._motion.brake()
        return self._motion.towards(action.ee_pose)

    def _targets(self, points: Array, finger: float) -> Array:
        """The servos' targets (steps, 9), or (steps, 7) without a hand, until the next tick.

        Damping and inertia are paid back, so that the arm does not lag behind a moving target.
        """
        shares = np.arange(1, self._steps + 1) / self._steps
        arm, velocities, accelerations = self._curve.play(points, shares, self._tick_s)
        torques_nm = DAMPING_NMS_RAD * velocities + self._inertial(accelerations)
        arm = arm + torques_nm / STIFFNESS_NM_RAD
        fingers = self._finger + shares[:, None] * (finger - self._finger)
        return np.concatenate([arm, np.repeat(fingers, len(self._data.ctrl) - 7, axis=1)], 1)

    def _inertial(self, accelerations: Array) -> Array:
        """The torques (steps, 7) in N m that accelerate the arm (steps, 7) as it stands."""
        whole, torques = np.zeros(self._model.nv), np.zeros((len(accelerations), self._model.nv))
        for each, torque in zip(accelerations, torques, strict=True):
            whole[:7] = each
            mujoco.mj_mulM(self._model, self._data, torque, whole)
        return torques[:, :7]

    def _reachable_finger(self, gripper: float | None) -> float:
        if gripper is None:
            return self._finger
        wanted = float(np.clip(gripper, 0.0, 1.0)) * HAND_OPENING_M / 2
        farthest = FINGER_SPEED_M_S * self._tick_s
        return self._finger + float(np.clip(wanted - self._finger, -farthest, farthest))
