"""A Franka's arm over a table, one millisecond at a time: driven by torques or held.

Gravity is compensated, as a Franka does it: of the arm always, of a payload once it is known.
"""

# MuJoCo's names come from a compiled module without stubs.
# pyright: reportAttributeAccessIssue=false

from dataclasses import dataclass, field

import mujoco
import numpy as np
from numpy.typing import ArrayLike

from ...datasets.steps import Pose
from ...geometry.panda import HAND, HAND_OPENING_M, HOME_JOINTS_RAD, tool_down
from ...geometry.poses import inverse, make_pose
from ...geometry.rotations import Array, to_quaternion
from ..panda_xml import DAMPING_NMS_RAD, FINGER_FORCE_N, STIFFNESS_NM_RAD
from ..scene_xml import scene_xml
from ..scenes import SceneSpec
from ..servo import FINGERS, NO_FINGERS

STEP_S = 0.001
GRAVITY_M_S2 = 9.81
EXTERNAL_FILTER = 0.05  # of each new estimate of the external torques
SINGULAR = 1e-6  # keeps the wrench finite where the arm is stretched out
_SETTLE_STEPS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """What the robot was told that it carries."""

    mass_kg: float = 0.0
    centre_m: Array = field(default_factory=lambda: np.zeros(3))  # (3,) in the flange's frame
    inertia_kg_m2: Array = field(default_factory=lambda: np.zeros(9))  # (9,) column by column


class Arm:
    """Joint 1–7, then the left and right finger where there is a hand, are the first of MuJoCo's
    numbers."""

    def __init__(self, scene: SceneSpec) -> None:
        self.scene = scene
        self._model = mujoco.MjModel.from_xml_string(scene_xml(scene))
        self._model.opt.timestep = STEP_S
        self._data = mujoco.MjData(self._model)
        self._site = self._model.site("end_effector").id
        self._hand = self._model.body("hand").id
        self._fingers = FINGERS if scene.robot.hand else NO_FINGERS
        self._servo = self._model.actuator_gainprm.copy(), self._model.actuator_biasprm.copy()
        self._columns = np.zeros((6, self._model.nv))
        self.load = Load()
        self.flange_to_tool = scene.robot.flange_to_tool
        self.wrench = np.zeros(6)  # that a person puts on the hand: N and N m, base frame
        self.external_nm = np.zeros(7)
        self.external_wrench: Array = np.zeros(6)  # what these torques say of it: N and N m
        self._carried_nm = np.zeros(7)
        self._place()

    @property
    def joints_rad(self) -> Array:
        return self._data.qpos[:7].copy()

    @property
    def speeds_rad_s(self) -> Array:
        return self._data.qvel[:7].copy()

    @property
    def torques_nm(self) -> Array:
        """What the joints' sensors measure (7,), gravity included."""
        carrying = self._data.qfrc_gravcomp[:7] + self._carried_nm
        return self._data.actuator_force[:7] + carrying

    @property
    def width_m(self) -> float:
        """How far the hand is open."""
        return float(self._data.qpos[self._fingers].sum())

    @property
    def finger_speed_m_s(self) -> float:
        """How fast the hand opens."""
        return float(self._data.qvel[self._fingers].sum())

    @property
    def qpos(self) -> Array:
        """Everything's place: the arm's, the fingers', and 7 numbers for each object."""
        return self._data.qpos.copy()

    @property
    def pose(self) -> Pose:
        """Where the end effector is."""
        rotation = self._data.site_xmat[self._site].reshape(3, 3)
        return make_pose(rotation, self._data.site_xpos[self._site])

    @property
    def jacobian(self) -> Array:
        """Of the end effector (6, 7), in the base frame."""
        return self._columns[:, :7]

    def mount(self, flange_to_tool: Pose) -> None:
        """From now on the end effector is there (4, 4) in the flange's frame."""
        self.flange_to_tool = flange_to_tool
        in_hand = inverse(HAND) @ flange_to_tool
        x, y, z, w = to_quaternion(in_hand[:3, :3])
        self._model.site_pos[self._site] = in_hand[:3, 3]
        self._model.site_quat[self._site] = [w, x, y, z]
        self._model.site_sameframe[self._site] = mujoco.mjtSameFrame.mjSAMEFRAME_NONE
        mujoco.mj_forward(self._model, self._data)
        self._look()

    def hold(self, joints_rad: ArrayLike, speeds_rad_s: ArrayLike) -> None:
        """One millisecond of the stiff controller that the robot has by itself."""
        self._model.actuator_gainprm[:7], self._model.actuator_biasprm[:7] = (
            part[:7] for part in self._servo
        )
        lead = DAMPING_NMS_RAD * np.asarray(speeds_rad_s) / STIFFNESS_NM_RAD
        self._step(np.asarray(joints_rad) + lead)

    def drive(self, torques_nm: ArrayLike) -> None:
        """One millisecond with these torques (7,) beside those that carry the arm."""
        self._model.actuator_gainprm[:7], self._model.actuator_biasprm[:7] = 0.0, 0.0
        self._model.actuator_gainprm[:7, 0] = 1.0
        self._step(np.asarray(torques_nm))

    def move_fingers(self, width_m: float, speed_m_s: float, force_n: float) -> None:
        """Where the fingers are to go from now on, how fast, and how hard they may press."""
        self._width_m = float(np.clip(width_m, 0.0, HAND_OPENING_M))
        self._closing_m_s = speed_m_s
        most = min(max(force_n, 1.0), FINGER_FORCE_N)
        self._model.actuator_forcerange[self._fingers] = [-most, most]

    def _step(self, ctrl: Array) -> None:
        self._data.ctrl[:7] = ctrl
        self._step_fingers()
        columns = self.jacobian
        pushed = columns.T @ self.wrench
        self._carried_nm = self._carried()
        self._data.qfrc_applied[:7] = pushed + self._carried_nm
        mujoco.mj_step(self._model, self._data)
        found = pushed + self._data.qfrc_constraint[:7] + self._carried_nm
        self.external_nm += EXTERNAL_FILTER * (found - self.external_nm)
        self._look()

    def _carried(self) -> Array:
        """The torques (7,) that hold up the load where it is known to be."""
        if not self.load.mass_kg:
            return np.zeros(7)
        rotation = self._data.xmat[self._hand].reshape(3, 3) @ HAND[:3, :3].T
        centre = self._data.xpos[self._hand] + rotation @ self.load.centre_m
        columns = np.zeros((3, self._model.nv))
        mujoco.mj_jac(self._model, self._data, columns, None, centre, self._hand)
        return columns[2, :7] * (self.load.mass_kg * GRAVITY_M_S2)

    def _look(self) -> None:
        columns = self._columns
        mujoco.mj_jacSite(self._model, self._data, columns[:3], columns[3:], self._site)
        arm = columns[:, :7]
        square = arm @ arm.T + SINGULAR * np.eye(6)
        self.external_wrench = np.linalg.solve(square, arm @ self.external_nm)

    def _step_fingers(self) -> None:
        now, farthest = self._data.ctrl[self._fingers], self._closing_m_s * STEP_S / 2
        now += np.clip(self._width_m / 2 - now, -farthest, farthest)

    def _place(self) -> None:
        start = tool_down(self.scene.start_yaw_rad, self.scene.start_position_m)
        joints = self.scene.robot.kinematics.inverse(start, HOME_JOINTS_RAD, iterations=30)
        self._data.qpos[:7] = joints
        self._data.qpos[self._fingers] = self._data.ctrl[self._fingers] = HAND_OPENING_M / 2
        self.move_fingers(HAND_OPENING_M, 0.1, FINGER_FORCE_N)
        mujoco.mj_forward(self._model, self._data)
        self._look()
        for _ in range(_SETTLE_STEPS):
            self.hold(joints, np.zeros(7))
        mujoco.mj_forward(self._model, self._data)
        self._look()
