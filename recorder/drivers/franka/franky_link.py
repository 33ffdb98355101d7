"""An FR3 by way of franky, whose libfranka is a newer one."""

import re
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ....datasets.steps import Pose
from ....geometry.arms import ArmName
from ....geometry.panda import HOME_JOINTS_RAD
from ....geometry.poses import inverse
from ....geometry.rotations import Array
from ...devices.interfaces import DeviceSilent, ProcessContext, RobotError
from .franky_library import franky
from .link import ArmReading, Mode
from .mounting import columns, mount_tool
from .settings import FrankaSettings
from .stiffness import DRAG_NMS_RAD, STIFFNESS
from .words import (
    connection_words,
    gone_words,
    named_arm_words,
    snake,
    stopped_words,
)

NAME = re.compile(r'<robot[^>]*\bname="([^"]*)"')  # in the model that a robot has of itself
ARM_NAMED: Mapping[str, ArmName] = {"fr3": "fr3", "fer": "panda", "panda": "panda"}
POLL_S = 0.001
SMOOTH_S = 0.02  # in which springs become softer or harder


class FrankyLink:
    """One arm. While it is commanded, franky hands on every state, a thousand a second."""

    def __init__(self, settings: FrankaSettings, context: ProcessContext) -> None:
        self._address, self._impedance = settings.address, settings.impedance
        self._arm, self._kinematics = context.arm, context.kinematics
        self._payload = context.payload
        self._stiffness = STIFFNESS[settings.stiffness]
        self._robot: Any = None
        self._motion: Any = None
        self._heard: deque[ArmReading] = deque()
        self._read_ms = -1
        self.errors: tuple[str, ...] = ()

    def connect(self) -> None:
        library = franky()
        try:
            self._robot = library.Robot(
                self._address, realtime_config=library.RealtimeConfig.Ignore
            )
        except Exception as error:  # each of libfranka's is a class of its own
            raise DeviceSilent(connection_words(self._address, str(error))) from error
        named = NAME.search(self._robot.model_urdf)
        name = named[1] if named else ""
        if ARM_NAMED.get(name) != self._arm:
            self.close()
            raise DeviceSilent(named_arm_words(self._address, name, ARM_NAMED.get(name)))

    def close(self) -> None:
        if self._robot is not None:
            self.end()
        self._robot = None

    def trouble(self) -> str:
        if self._motion is None:
            return self._why()
        if self._robot.is_in_control:
            return ""
        self._motion = None
        try:
            self._robot.join_motion()
        except Exception as error:  # what ended the motion
            return self._why() or f"The robot stopped: {error}."
        return self._why() or "The robot stopped, and gave no reason."

    def recover(self) -> None:
        self._motion = None
        try:
            recovered = self._robot.recover_from_errors()
        except Exception as error:
            raise RobotError(self._why() or f"The robot cannot go on yet: {error}.") from error
        if not recovered:
            raise RobotError(self._why() or "The robot cannot go on yet.")

    def begin(self) -> Array:
        trouble = self._why()
        if trouble:
            raise RobotError(trouble)
        self._mount()
        joints = np.array(self._state().q)
        self._motion = self._made()
        self.command(joints, np.zeros(7))
        self._motion.register_callback(self._hear)
        self._robot.move(self._motion, asynchronous=True)
        return joints

    def _mount(self) -> None:
        """Say what is at the flange. Raises RobotError."""
        robot, payload = self._robot, self._payload
        try:
            mount_tool(self._kinematics.flange_to_tool, robot.set_ee, self._tool)
            if payload is not None:
                inertia = columns(np.array(payload.inertia_kg_m2))
                robot.set_load(payload.mass_kg, list(payload.centre_m), inertia)
        except (RobotError, DeviceSilent):
            raise
        except Exception as error:  # each of libfranka's is a class of its own
            raise RobotError(f"The robot does not take its tool or payload: {error}.") from error

    def _tool(self) -> Pose:
        return np.array(self._state().F_T_EE.matrix)

    def give_way(self) -> None:
        """The same controller without its springs, so that nothing switches and nothing jumps."""
        if self._motion is not None:
            self._motion.set_gains(self._gains(0.0))

    def take_hold(self) -> tuple[Array, Array]:
        state = self._state()
        joints, speeds = np.array(state.q), np.array(state.dq)
        self.command(joints, speeds)
        if self._motion is not None:
            self._motion.set_gains(self._gains(1.0))
        return joints, speeds

    def end(self) -> None:
        if self._motion is None:
            return
        self._motion = None
        try:
            self._robot.move(franky().TorqueStopMotion(), asynchronous=True)
            self._robot.join_motion()
        except Exception:  # it is gone, or had stopped by itself
            return

    def command(self, joints_rad: Array, speeds_rad_s: Array) -> None:
        motion = self._motion
        if motion is None:  # it has just ended by itself
            return
        library = franky()
        if self._impedance == "joint":
            motion.set_reference(library.JointReference(joints_rad, speeds_rad_s))
        else:
            target = library.Affine(self._kinematics.forward(joints_rad))
            motion.set_reference(library.CartesianReference(target))

    def read(self) -> Sequence[ArmReading]:
        if self._motion is None and not self._heard:
            return self._polled()
        count = len(self._heard)
        return [self._heard.popleft() for _ in range(count)]

    def _hear(self, state: Any, *_times_and_command: Any) -> None:
        """From franky's own thread, for each state."""
        self._heard.append(_reading(state))

    def _polled(self) -> Sequence[ArmReading]:
        """The next state, while nothing is commanded."""
        state = self._state()
        reading = replace(_reading(state), ee_pose=self._tool_pose(state))
        if reading.device_ms <= self._read_ms:
            time.sleep(POLL_S)
            return ()
        self._read_ms = reading.device_ms
        return (reading,)

    def _tool_pose(self, state: Any) -> Pose:
        """Also where the robot was not told of the tool yet."""
        flange = np.array(state.O_T_EE.matrix) @ inverse(np.array(state.F_T_EE.matrix))
        return flange @ self._kinematics.flange_to_tool

    def _made(self) -> Any:
        library = franky()
        if self._impedance == "joint":
            stiffness, damping = self._stiffness.joints
            return library.JointImpedanceTrackingMotion(
                stiffness=stiffness, damping=damping, gains_time_constant=SMOOTH_S
            )
        _, nullspace = self._stiffness.hand
        motion = library.CartesianImpedanceTrackingMotion(
            posture_task=library.PostureTask(HOME_JOINTS_RAD, nullspace),
            gains_time_constant=SMOOTH_S,
        )
        motion.set_gains(self._gains(1.0))
        return motion

    def _gains(self, share: float) -> Any:
        """So much of its springs; without any, what slows down an arm that is led."""
        library = franky()
        if self._impedance == "joint":
            stiffness, damping = self._stiffness.joints
            return library.JointImpedanceGains(
                share * stiffness, damping if share else DRAG_NMS_RAD
            )
        stiffness, _ = self._stiffness.hand
        damping = 2.0 * np.sqrt(stiffness) if share else np.zeros(6)
        return library.CartesianImpedanceGains.diagonal(share * stiffness, damping)

    def _state(self) -> Any:
        try:
            return self._robot.state
        except Exception as error:
            raise DeviceSilent(gone_words(self._address)) from error

    def _why(self) -> str:
        state = self._state()
        mode = Mode(snake(state.robot_mode.name))
        self.errors = _names(state.current_errors)
        return stopped_words(self.errors, mode)


def _names(errors: Any) -> tuple[str, ...]:
    """Those that hold: each is an attribute of its name."""
    names = (name for name in dir(errors) if not name.startswith("_"))
    return tuple(name for name in names if getattr(errors, name) is True)


def _reading(state: Any) -> ArmReading:
    return ArmReading(
        device_ms=state.time.to_msec(),
        joint_positions_rad=np.array(state.q),
        joint_velocities_rad_s=np.array(state.dq),
        ee_pose=np.array(state.O_T_EE.matrix),
        joint_torques_nm=np.array(state.tau_J),
        external_torques_nm=np.array(state.tau_ext_hat_filtered),
        external_wrench=np.array(state.O_F_ext_hat_K),
        control_success_rate=state.control_command_success_rate,
    )
