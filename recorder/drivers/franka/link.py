"""An arm as one of Franka's libraries shows it: what a driver asks of such a library."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ....datasets.steps import Pose
from ....geometry.rotations import Array


class Mode(Enum):
    """What the robot says that it is doing; the values are libfranka's names."""

    OTHER = "other"
    IDLE = "idle"
    MOVE = "move"
    GUIDING = "guiding"
    REFLEX = "reflex"
    USER_STOPPED = "user_stopped"
    RECOVERY = "automatic_error_recovery"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArmReading:
    """One of the robot's states, one a millisecond."""

    device_ms: int  # the robot's clock
    joint_positions_rad: NDArray[np.float64]  # (7,)
    joint_velocities_rad_s: NDArray[np.float64]  # (7,)
    ee_pose: Pose
    joint_torques_nm: NDArray[np.float64]  # (7,) measured
    external_torques_nm: NDArray[np.float64]  # (7,) estimated
    external_wrench: NDArray[np.float64]  # (6,) N, N m, base frame
    control_success_rate: float


class ArmLink(Protocol):
    """One robot at an address. Where it is gone, everything raises DeviceSilent."""

    errors: tuple[str, ...]  # the robot's own names of those that were found by ``trouble``

    def connect(self) -> None:
        """Raises DeviceSilent, also where the robot's version needs another library."""
        ...

    def close(self) -> None: ...

    def trouble(self) -> str:
        """Why the robot does not take commands, in words, and what to do; empty: it does."""
        ...

    def recover(self) -> None:
        """Forget errors that a person has seen. Raises RobotError where it cannot."""
        ...

    def begin(self) -> Array:
        """From now on take commands; the joint angles (7,) from which they have to go on."""
        ...

    def give_way(self) -> None:
        """Hold up no more than the arm and its payload, for a person to lead it."""
        ...

    def take_hold(self) -> tuple[Array, Array]:
        """Hold again; the joint angles and velocities (7,) each from which commands have to go
        on."""
        ...

    def end(self) -> None:
        """Take no more commands: the robot holds by itself."""
        ...

    def command(self, joints_rad: Array, speeds_rad_s: Array) -> None:
        """Where the joints (7,) are to be now, and how fast (7,)."""
        ...

    def read(self) -> Sequence[ArmReading]:
        """The states that came since the last call, oldest first."""
        ...
