"""A Panda (FER), or an FR3 with the wheel that fits it, by way of panda-py."""

import ctypes
import re
import time
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from ....datasets.steps import Pose
from ....geometry.poses import inverse
from ....geometry.rotations import Array, to_quaternion
from ...devices.interfaces import DeviceSilent, ProcessContext, RobotError
from .link import ArmReading, Mode
from .mounting import columns, mount_tool, pose_of
from .panda_library import panda_py
from .settings import FrankaSettings
from .stiffness import DRAG_NMS_RAD, STIFFNESS
from .words import (
    arm_of,
    connection_words,
    gone_words,
    other_arm_words,
    snake,
    stopped_words,
)

LOGGED = 32  # states that wait to be read; each look copies them all
POLL_S = 0.001


class PandaLink:
    """One arm. panda-py recovers from errors whenever a controller is started, so nothing is
    started here before a person has seen them."""

    def __init__(self, settings: FrankaSettings, context: ProcessContext) -> None:
        self._address, self._impedance = settings.address, settings.impedance
        self._arm, self._kinematics = context.arm, context.kinematics
        self._payload = context.payload
        self._stiffness = STIFFNESS[settings.stiffness]
        self._panda: Any = None
        self._controller: Any = None
        self._read_ms = -1
        self.errors: tuple[str, ...] = ()

    def connect(self) -> None:
        library = panda_py()
        try:
            self._panda = library.Panda(self._address)
        except RuntimeError as error:
            raise DeviceSilent(connection_words(self._address, str(error))) from error
        version = self._panda.get_robot().server_version()
        if arm_of(version) != self._arm:
            self.close()
            raise DeviceSilent(other_arm_words(self._address, version))
        self._panda.enable_logging(LOGGED)

    def close(self) -> None:
        self.end()
        self._panda = None

    def trouble(self) -> str:
        if self._controller is not None:
            try:
                self._panda.raise_error()
            except RuntimeError as error:
                self._put_down()
                return self._why() or f"The robot stopped: {error}."
            return ""
        return self._why()

    def recover(self) -> None:
        self._put_down()
        try:
            self._panda.get_robot().automatic_error_recovery()
        except RuntimeError as error:
            raise RobotError(self._why() or f"The robot cannot go on yet: {error}.") from error

    def begin(self) -> Array:
        trouble = self._why()
        if trouble:
            raise RobotError(trouble)
        self._mount()
        state = self._state()
        joints = np.array(state.q)
        self._read_ms = state.time.to_msec()  # what is older may be of another tool
        self._controller = self._made()
        self._panda.start_controller(self._controller)
        return joints

    def _mount(self) -> None:
        """Say what is at the flange. Raises RobotError."""
        robot, payload = self._panda.get_robot(), self._payload
        try:
            mount_tool(self._kinematics.flange_to_tool, robot.set_ee, self._tool)
            if payload is not None:
                inertia = columns(np.array(payload.inertia_kg_m2))
                robot.set_load(payload.mass_kg, payload.centre_m, inertia)
        except RuntimeError as error:
            raise RobotError(f"The robot does not take its tool or payload: {error}.") from error

    def _tool(self) -> Pose:
        return pose_of(self._state().F_T_EE)

    def give_way(self) -> None:
        """The same controller without its springs, so that nothing switches and nothing jumps."""
        controller = self._controller
        if controller is None:  # it has just ended by itself
            return
        if self._impedance == "joint":
            controller.set_stiffness(np.zeros(7))
            controller.set_damping(DRAG_NMS_RAD)
        else:
            controller.set_impedance(np.zeros((6, 6)))
            controller.set_nullspace_stiffness(0.0)

    def take_hold(self) -> tuple[Array, Array]:
        state = self._state()
        joints, speeds = np.array(state.q), np.array(state.dq)
        self.command(joints, speeds)
        if self._controller is None:
            return joints, speeds
        if self._impedance == "joint":
            stiffness, damping = self._stiffness.joints
            self._controller.set_stiffness(stiffness)
            self._controller.set_damping(damping)
        else:
            stiffness, nullspace = self._stiffness.hand
            self._controller.set_impedance(np.diag(stiffness))
            self._controller.set_nullspace_stiffness(nullspace)
        return joints, speeds

    def end(self) -> None:
        if self._controller is None:
            return
        self._controller = None
        try:
            # Other than stop_controller, this lets go of the interpreter while it waits.
            self._panda.teaching_mode(False)
        except RuntimeError:  # it is gone
            self._lost()

    def command(self, joints_rad: Array, speeds_rad_s: Array) -> None:
        controller = self._controller
        if controller is None:  # it has just ended by itself
            return
        if self._impedance == "joint":
            controller.set_control(joints_rad, speeds_rad_s)
        else:
            pose = self._kinematics.forward(joints_rad)
            controller.set_control(pose[:3, 3], to_quaternion(pose[:3, :3]), joints_rad)

    def read(self) -> Sequence[ArmReading]:
        if self._controller is None:
            return self._polled()
        # A state that comes while the log is being read is never in it: look for that as well.
        before = self._newest()
        log = self._panda.get_log()
        logged = {int(each[0]): place for place, each in enumerate(log["time"])}
        beside = before | self._newest()
        new = [at for at in whole_until(logged, beside) if at > self._read_ms]
        if new:
            self._read_ms = new[-1]
        return [
            self._logged(log, logged[at]) if at in logged else self._reading(beside[at])
            for at in new
        ]

    def _newest(self) -> dict[int, Any]:
        """The newest state by its millisecond, as the controller met it: none where it has ended,
        for then the library would ask the robot."""
        try:
            if not self._panda.is_moving():
                return {}
            state = self._panda.get_state()
        except RuntimeError:  # it has just ended, which ``trouble`` tells
            return {}
        return {state.time.to_msec(): state}

    def _polled(self) -> Sequence[ArmReading]:
        """The next state, while nothing is commanded: the library waits for it."""
        state = self._state()
        at = state.time.to_msec()
        if at <= self._read_ms:
            time.sleep(POLL_S)
            return ()
        self._read_ms = at
        return (self._reading(state),)

    def _reading(self, state: Any) -> ArmReading:
        return ArmReading(
            device_ms=state.time.to_msec(),
            joint_positions_rad=np.array(state.q),
            joint_velocities_rad_s=np.array(state.dq),
            ee_pose=self._tool_pose(state),
            joint_torques_nm=np.array(state.tau_J),
            external_torques_nm=np.array(state.tau_ext_hat_filtered),
            external_wrench=np.array(state.O_F_ext_hat_K),
            control_success_rate=state.control_command_success_rate,
        )

    def _tool_pose(self, state: Any) -> Pose:
        """Also where the robot was not told of the tool yet."""
        flange = pose_of(state.O_T_EE) @ inverse(pose_of(state.F_T_EE))
        return flange @ self._kinematics.flange_to_tool

    def _logged(self, log: dict[str, list[Array]], place: int) -> ArmReading:
        return ArmReading(
            device_ms=int(log["time"][place][0]),
            joint_positions_rad=log["q"][place].ravel(),
            joint_velocities_rad_s=log["dq"][place].ravel(),
            ee_pose=pose_of(log["O_T_EE"][place].ravel()),
            joint_torques_nm=log["tau_J"][place].ravel(),
            external_torques_nm=log["tau_ext_hat_filtered"][place].ravel(),
            external_wrench=log["O_F_ext_hat_K"][place].ravel(),
            control_success_rate=float(log["control_command_success_rate"][place][0]),
        )

    def _made(self) -> Any:
        controllers = panda_py("controllers")
        if self._impedance == "joint":
            return controllers.JointPosition(*self._stiffness.joints)
        stiffness, nullspace = self._stiffness.hand
        return controllers.CartesianImpedance(np.diag(stiffness), 1.0, nullspace)

    def _put_down(self) -> None:
        """After the controller ended by itself: until it is put down, the library shows the last
        state of its motion."""
        if self._controller is not None:
            self._panda.stop_controller()
            self._controller = None

    def _state(self) -> Any:
        try:
            return self._panda.get_state()
        except RuntimeError as error:
            self._lost()
            raise DeviceSilent(gone_words(self._address)) from error

    def _lost(self) -> None:
        """The library ends the whole process where it puts a robot down that is gone, so this
        one is never put down."""
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._panda))

    def _why(self) -> str:
        state = self._state()
        mode = Mode(snake(state.robot_mode.name.removeprefix("k")))
        self.errors = _names(str(state.current_errors))
        return stopped_words(self.errors, mode)


def whole_until(logged: Collection[int], beside: Collection[int]) -> Sequence[int]:
    """Milliseconds of the log and of states that were seen beside it, in their order, without those
    after the first that the log may still bring."""
    newest = max([*logged] or [*beside], default=0)
    while newest + 1 in beside:
        newest += 1
    return sorted(at for at in {*logged, *beside} if at <= newest)


def _names(errors: str) -> tuple[str, ...]:
    """libfranka prints errors as ["joint_reflex", "…"]."""
    return tuple(re.findall(r"[a-z_0-9]+", errors))
