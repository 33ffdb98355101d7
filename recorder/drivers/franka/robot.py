"""A Franka, whichever library reaches it."""

import gc
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ....datasets.steps import Action, Decider
from ....geometry.arm_motion import POINT_S, ArmMotion
from ....geometry.arms import ArmName
from ....geometry.joint_tracker import JointLimits
from ....geometry.rotations import Array
from ....runtime.processes.priority import set_real_time
from ...devices.interfaces import (
    DeviceSilent,
    ProcessContext,
    RobotError,
    RobotState,
    StateSink,
)
from .device_clock import DeviceClock
from .hand import FrankaHand
from .hand_process import HandSettings, Library
from .link import ArmLink, ArmReading
from .player import CommandPlayer

LOOK_S = 0.008  # between two looks at what the robot said
# What is given keeps inside these by itself.
FOLLOWED = JointLimits(share=0.99, margin_rad=0.02)


class FrankaRobot:
    """Commands joints at 1 kHz, passes on every state, and stops for a person where it must."""

    def __init__(
        self, link: ArmLink, address: str, library: Library, context: ProcessContext
    ) -> None:
        self._link, self._address = link, address
        self._library: Library = library
        self._arm: ArmName = context.arm
        self._period_s = 1.0 / context.control_rate_hz
        self._clock = DeviceClock()
        points = max(1, round(self._period_s / POINT_S))
        limits = replace(FOLLOWED, arm=self._arm)
        point_s = self._period_s / points
        self._kinematics = context.kinematics
        self._player = CommandPlayer(
            link.command, self._clock.now_ms, self._kinematics, limits, point_s
        )
        self._motion: ArmMotion | None = None  # for actions that bring no way with them
        self._sink: StateSink | None = None
        self._newest: RobotState | None = None
        self._trouble = ""
        self._led = False  # by a person's hand
        self._using = threading.Lock()  # the link, by one thread at a time
        self._left = threading.Event()

    def __enter__(self) -> "FrankaRobot":
        self._link.connect()
        try:
            self._begin()
        except BaseException:
            self._link.close()
            raise
        self._left.clear()
        gc.collect()
        gc.freeze()  # to look through all that was loaded takes 50 ms, which is 50 commands
        threading.Thread(target=self._pass_on, name="states", daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._left.set()
        self._player.end()
        with self._using:
            self._link.close()

    def hand(self, speed_m_s: float, force_n: float) -> FrankaHand:
        settings = HandSettings(
            address=self._address, speed_m_s=speed_m_s, force_n=force_n, library=self._library
        )
        return FrankaHand(settings)

    def stream(self, sink: StateSink) -> None:
        self._sink = sink

    def read(self) -> RobotState:
        if self._newest is None:
            raise DeviceSilent("The robot has sent no state yet.")
        return self._newest

    def apply(self, action: Action) -> Action:
        self._expect_well()
        self._take_hold()
        if action.points_rad is None and action.decided_by == Decider.HOLD:
            self.stop()
            return action
        points = self._points(action)
        self._player.give(points)
        return replace(action, points_rad=points)

    def guide(self, action: Action) -> None:
        self._expect_well()
        if not self._led:
            self._led, self._motion = True, None
            self._player.end()
            with self._using:
                self._link.give_way()

    def stop(self) -> None:
        """Brake within the limits; the robot then holds where it is."""
        self._take_hold()
        self._player.brake()
        self._motion = None

    def acknowledge(self) -> None:
        self._player.end()
        with self._using:
            self._link.recover()
            self._begin()

    def _expect_well(self) -> None:
        if self._trouble:
            raise RobotError(self._trouble)

    def _take_hold(self) -> None:
        """After somebody led the arm, brake and hold it again, from where it is."""
        if not self._led or self._trouble:
            return
        self._led = False
        with self._using:
            joints, speeds = self._link.take_hold()
        self._player.begin(joints, speeds)

    def _begin(self) -> None:
        """Take commands, unless the robot does not: then say so at the next one."""
        self._motion, self._led = None, False
        try:
            joints = self._link.begin()
        except RobotError as error:
            self._trouble = str(error)
        else:
            self._trouble = ""
            self._player.begin(joints)

    def _points(self, action: Action) -> Array:
        if action.points_rad is not None:
            return action.points_rad
        motion = self._motion or ArmMotion(
            self._kinematics,
            self.read().joint_positions_rad,
            JointLimits(arm=self._arm),
            self._period_s,
        )
        self._motion = motion
        return motion.towards(action.ee_pose)

    def _pass_on(self) -> None:
        """All that the robot says, as it comes. What is not read in time is lost, and so is what
        comes while the library's log is held by a thread that waits for a processor."""
        set_real_time(inherited=False, priority=5)  # a tenth of a core
        while not self._left.wait(LOOK_S):
            with self._using:
                if self._left.is_set():
                    return
                readings = self._link.read()
                trouble = self._link.trouble() if not self._trouble else self._trouble
            if trouble and not self._trouble:
                self._trouble = trouble
                self._player.end()
            self._push(readings)

    def _push(self, readings: Sequence[ArmReading]) -> None:
        if readings:
            self._clock.hear(readings[-1].device_ms, time.monotonic_ns())
        for reading in readings:
            self._newest = self._state(reading, self._clock.host_ns(reading.device_ms))
            if self._sink is not None:
                self._sink(self._newest)

    def _state(self, reading: ArmReading, time_ns: int) -> RobotState:
        return RobotState(
            time_ns=time_ns,
            device_time_ns=1_000_000 * reading.device_ms,
            joint_positions_rad=reading.joint_positions_rad,
            joint_velocities_rad_s=reading.joint_velocities_rad_s,
            ee_pose=reading.ee_pose,
            joint_torques_nm=reading.joint_torques_nm,
            external_torques_nm=reading.external_torques_nm,
            external_wrench=reading.external_wrench,
            errors=self._link.errors if self._trouble else (),
            control_success_rate=float(np.clip(reading.control_success_rate, 0.0, 1.0)),
        )
