"""A test robot: an arm that is where it was told to be."""

import time

import numpy as np
from pydantic import Field

from ....datasets.steps import Action
from ....geometry import panda
from ....runtime.described import DescribedModel
from ...devices.interfaces import ProcessContext, RobotState, StateSink
from ..periodic import Periodic


class SyntheticRobot:
    """A perfect arm: inverse kinematics, and no time."""

    class Settings(DescribedModel):
        rate_hz: float = Field(default=200.0, gt=0, le=1000, title="Rate, Hz")
        """How many readings it pushes in a second."""

    def __init__(self, settings: Settings, context: ProcessContext) -> None:
        self._rate_hz = settings.rate_hz
        self._kinematics = context.kinematics
        self._joints = panda.HOME_JOINTS_RAD.copy()
        self._speeds = np.zeros(7)
        self._moved_ns = time.monotonic_ns()
        self._readings: Periodic | None = None

    def __enter__(self) -> "SyntheticRobot":
        return self

    def __exit__(self, *error: object) -> None:
        if self._readings is not None:
            self._readings.stop()

    def stream(self, sink: StateSink) -> None:
        self._readings = Periodic("readings", self._rate_hz, lambda _number: sink(self.read()))
        self._readings.start()

    def read(self) -> RobotState:
        now_ns = time.monotonic_ns()
        joints = self._joints
        return RobotState(
            time_ns=now_ns,
            device_time_ns=now_ns,
            joint_positions_rad=joints.copy(),
            joint_velocities_rad_s=self._speeds.copy(),
            ee_pose=self._kinematics.forward(joints),
        )

    def apply(self, action: Action) -> Action:
        now_ns = time.monotonic_ns()
        joints = self._kinematics.inverse(action.ee_pose, self._joints)
        self._speeds = (joints - self._joints) / max(1e-3, (now_ns - self._moved_ns) / 1e9)
        self._joints, self._moved_ns = joints, now_ns
        return action

    def hand(self, speed_m_s: float, force_n: float) -> "SyntheticHand":
        return SyntheticHand()

    def stop(self) -> None:
        self._speeds = np.zeros(7)

    def acknowledge(self) -> None:
        """It never stops by itself."""


class SyntheticHand:
    """A perfect hand: open as it was told to be."""

    opening_m = panda.HAND_OPENING_M

    def __init__(self) -> None:
        self.width_m = self.opening_m

    def __enter__(self) -> "SyntheticHand":
        return self

    def __exit__(self, *error: object) -> None:
        """There is nothing to release."""

    def move(self, opened: float) -> None:
        self.width_m = opened * self.opening_m

    def acknowledge(self) -> None:
        """It never stops by itself."""


Driver = SyntheticRobot
