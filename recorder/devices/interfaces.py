"""The small contracts that the loop and the device process are written against."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Action, Image, Observation, Pose
from ...datasets.takes.depth import Depth
from ...geometry.camera import Camera
from ...runtime.errors import TeachloopError
from .scene import SceneDescription, SceneTruth


class DeviceSilent(TeachloopError):
    """A device that should have a reading has none."""


class RobotError(TeachloopError):
    """The robot stopped by itself (a reflex, a limit); going on takes an acknowledgement."""


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
    image: Image  # as it is recorded
    preview: Image  # as it is shown; may be larger
    depth_mm: Depth | None = None  # of the recorded image, pixel by pixel


class Agent(Protocol):
    """Whoever decides the next action: an operator, a script or a policy."""

    def reset(self) -> None: ...

    def act(self, observation: Observation) -> Action: ...


class Robot(Protocol):
    """An arm with a hand that follows absolute targets. Use as a context manager."""

    def __enter__(self) -> "Robot": ...

    def __exit__(self, *error: object) -> None: ...

    def read(self) -> RobotState:
        """The newest reading; raises DeviceSilent where there is none."""
        ...

    def apply(self, action: Action) -> Action:
        """Send the target for the next tick; returns what was really sent.

        Raises RobotError once the robot has stopped by itself.
        """
        ...

    def stop(self) -> None:
        """Hold the measured pose at once."""
        ...

    def acknowledge(self) -> None:
        """A person saw the robot's error and wants to go on."""
        ...


class CameraDriver(Protocol):
    """A camera that delivers frames at its own rate. Use as a context manager."""

    name: str

    @property
    def calibration(self) -> Camera:
        """Intrinsics and mounting of the recorded images."""
        ...

    def __enter__(self) -> "CameraDriver": ...

    def __exit__(self, *error: object) -> None: ...

    def newest(self) -> Frame | None:
        """The newest frame that arrived, or None before the first."""
        ...


class Scene(Protocol):
    """What only a simulated cell has: a scene to set up, and the truth about it."""

    def reset(self, seed: int | None, verb: str | None, split: str) -> None:
        """Set up another scene."""
        ...

    def description(self) -> SceneDescription:
        """The scene as it was set up."""
        ...

    def truth(self) -> SceneTruth:
        """Where its objects are, whether the task is done, and the full state."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Devices:
    """The devices that one process owns."""

    robot: Robot
    cameras: Mapping[str, CameraDriver]
    scene: Scene | None = None

    def calibration(self) -> dict[str, Camera]:
        """Each camera's calibration as it stands now."""
        return {name: camera.calibration for name, camera in self.cameras.items()}
