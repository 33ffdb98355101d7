"""The three small contracts that the loop is written against."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..datasets.steps import Action, Image, Observation, Pose


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RobotState:
    """One reading of the arm and the hand."""

    time_ns: int  # host monotonic clock
    device_time_ns: int
    joint_positions_rad: NDArray[np.float64]  # (7,)
    joint_velocities_rad_s: NDArray[np.float64]  # (7,)
    ee_pose: Pose
    gripper_width_m: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One image of one camera."""

    camera: str
    number: int  # counts at the device; a gap is a drop
    time_ns: int  # arrival, host monotonic clock
    device_time_ns: int
    image: Image


class Agent(Protocol):
    """Whoever decides the next action: an operator, a script or a policy."""

    def reset(self) -> None: ...

    def act(self, observation: Observation) -> Action: ...


class Robot(Protocol):
    """An arm with a hand that follows absolute targets. Use as a context manager."""

    def __enter__(self) -> "Robot": ...

    def __exit__(self, *error: object) -> None: ...

    def read(self) -> RobotState: ...

    def apply(self, action: Action) -> Action:
        """Send the target for the next tick; returns what was really sent."""
        ...

    def stop(self) -> None:
        """Hold the measured pose at once."""
        ...


class CameraDriver(Protocol):
    """A camera that delivers frames at its own rate. Use as a context manager."""

    name: str

    def __enter__(self) -> "CameraDriver": ...

    def __exit__(self, *error: object) -> None: ...

    def newest(self) -> Frame | None:
        """The newest frame that arrived, or None before the first."""
        ...


