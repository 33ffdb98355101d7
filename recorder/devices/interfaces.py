"""The small contracts that the loop and the device process are written against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ...datasets.embodiment import Gripper
from ...datasets.steps import Action, Image, Observation, Pose, opened
from ...datasets.takes.depth import Depth
from ...datasets.tool import FRANKA_HAND, Payload, Tool
from ...geometry.arms import ARMS, ArmName
from ...geometry.camera import Camera
from ...geometry.kinematics import Kinematics
from ...geometry.panda import HAND_OPENING_M, tool_down
from ...runtime.errors import TeachloopError
from .scene import SceneDescription, SceneTruth


class DeviceSilent(TeachloopError):
    """A device that should have a reading has none."""


class RobotError(TeachloopError):
    """The robot stopped by itself (a reflex, a limit); going on takes an acknowledgement."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RobotState:
    """One reading of the arm and the hand; None is what the driver does not measure."""

    time_ns: int  # host monotonic clock
    device_time_ns: int
    joint_positions_rad: NDArray[np.float64]  # (7,)
    joint_velocities_rad_s: NDArray[np.float64]  # (7,)
    ee_pose: Pose
    gripper_width_m: float | None = None  # None: there is no gripper
    gripper_opening_m: float = HAND_OPENING_M  # when it is open
    joint_torques_nm: NDArray[np.float64] | None = None  # (7,) measured
    external_torques_nm: NDArray[np.float64] | None = None  # (7,) estimated, without gravity
    external_wrench: NDArray[np.float64] | None = None  # (6,) force N, torque N·m, base frame
    errors: tuple[str, ...] | None = None  # the robot's own names of those that are active
    control_success_rate: float | None = None  # 0 … 1, of the last 100 commands

    @property
    def gripper(self) -> float | None:
        """As actions have it, 1 = open … 0 = closed; None where there is none."""
        return opened(self.gripper_width_m, self.gripper_opening_m)

    @property
    def measured(self) -> Mapping[str, NDArray[np.float64] | float]:
        """What only some robots measure, by its name, where this one does."""
        found = {
            "joint_torques_nm": self.joint_torques_nm,
            "external_torques_nm": self.external_torques_nm,
            "external_wrench": self.external_wrench,
            "control_success_rate": self.control_success_rate,
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One image of one camera, as it is recorded."""

    camera: str
    number: int  # counts at the device; a gap is a drop
    time_ns: int  # arrival, host monotonic clock
    device_time_ns: int
    image: Image
    depth_mm: Depth | None = None  # of the image, pixel by pixel
    jpeg: bytes | None = None  # the image as the camera compressed it


TwistFrame = Literal["base", "camera", "hand"]
"""In which a twist is meant. Directions of a camera are those that its picture shows, level with
the table; those of the hand are the base's where it points straight down, unturned, and turn with
it from there."""
UNTURNED = tool_down(0.0, np.zeros(3))[:3, :3]


@dataclass(frozen=True, slots=True)
class Twist:
    """What a hand asks for: velocities, and the gripper where it is to change."""

    linear_m_s: tuple[float, float, float]
    angular_rad_s: tuple[float, float, float]
    gripper: float | None  # 1 = open … 0 = closed
    time_ns: int  # host monotonic clock
    frame: TwistFrame = "base"

    def velocity(self, ee_pose: Pose) -> NDArray[np.float64]:
        """(6,) in the base frame, of a robot whose hand is at ``ee_pose``. Which way a camera looks
        is not known here."""
        velocity = np.array([*self.linear_m_s, *self.angular_rad_s])
        if self.frame != "hand":
            return velocity
        turn = ee_pose[:3, :3] @ UNTURNED.T
        return np.concatenate([turn @ velocity[:3], turn @ velocity[3:]])

    @property
    def moves(self) -> bool:
        """Whether it asks for any motion."""
        return any(self.linear_m_s) or any(self.angular_rad_s) or self.gripper is not None


StateSink = Callable[[RobotState], None]
FrameSink = Callable[[Frame], None]
TwistSink = Callable[[Twist], None]


class Agent(Protocol):
    """Whoever decides the next action: an operator, a script or a policy."""

    def reset(self) -> None: ...

    def act(self, observation: Observation) -> Action: ...


class Robot(Protocol):
    """An arm that follows absolute targets, with a gripper or without. Use as a context
    manager."""

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


class RobotDriver(Robot, Protocol):
    """An arm that pushes its readings at its own rate; of a gripper it knows nothing."""

    def __enter__(self) -> "RobotDriver": ...

    def stream(self, sink: StateSink) -> None:
        """From now on until it is left, hand each new reading to ``sink``, from one thread."""
        ...


@runtime_checkable
class GuidedRobot(Protocol):
    """A robot that a person can lead by the hand, beside all that a robot can."""

    def guide(self, action: Action) -> None:
        """Until something else is asked for, give way to whoever leads the arm, with no more than
        its own weight and payload held up; fingers follow the action. Nobody can touch a simulated
        arm, so that is pulled to the action's pose, softly.

        With the next ``apply`` or ``stop`` the arm brakes from where it is and holds there.
        Raises RobotError once the robot has stopped by itself.
        """
        ...


class GripperDriver(Protocol):
    """What is at an arm's flange and opens and closes. Use as a context manager.

    It belongs to its robot's process and never makes the arm wait: what takes time goes on in a
    thread or a process of its own.
    """

    @property
    def opening_m(self) -> float:
        """How far apart its fingers are when it is open."""
        ...

    @property
    def width_m(self) -> float:
        """How far apart they are now, by its newest reading. Raises DeviceSilent before one."""
        ...

    def __enter__(self) -> "GripperDriver": ...

    def __exit__(self, *error: object) -> None: ...

    def move(self, opened: float) -> None:
        """From now on 1 = open … 0 = closed; asked for at each tick, the newest counts.

        Raises RobotError where it cannot any more.
        """
        ...

    def acknowledge(self) -> None:
        """A person saw its error and wants to go on. Raises DeviceSilent where it is gone."""
        ...


@runtime_checkable
class HandedRobot(Protocol):
    """A robot that reaches the Franka Hand at its flange by itself."""

    def hand(self, speed_m_s: float, force_n: float) -> GripperDriver:
        """Not entered yet: fingers that go so fast and grasp so hard."""
        ...


class CameraDriver(Protocol):
    """A camera that pushes frames at its own rate. Use as a context manager."""

    @property
    def calibration(self) -> Camera:
        """Intrinsics and mounting of the recorded images."""
        ...

    def __enter__(self) -> "CameraDriver": ...

    def __exit__(self, *error: object) -> None: ...

    def stream(self, sink: FrameSink) -> None:
        """From now on until it is left, hand each new frame to ``sink``, from one thread."""
        ...


class InputDriver(Protocol):
    """What a hand holds, such as a SpaceMouse. Use as a context manager."""

    def __enter__(self) -> "InputDriver": ...

    def __exit__(self, *error: object) -> None: ...

    def stream(self, sink: TwistSink) -> None:
        """From now on until it is left, say what the hand asks for, and again while it does:
        what is silent for 200 ms asks for nothing."""
        ...


class Scene(Protocol):
    """What only simulated devices have: a scene to set up, and the truth about it."""

    def reset(self, seed: int | None, verb: str | None, split: str) -> None:
        """Set up another scene."""
        ...

    def restore(self, json_text: str) -> None:
        """Set up a scene that was described before."""
        ...

    def draw(self) -> None:
        """Push a frame of each camera, unless nothing changed since the last one."""
        ...

    def close(self) -> None:
        """Free what it holds."""
        ...

    def description(self) -> SceneDescription:
        """The scene as it was set up."""
        ...

    def truth(self) -> SceneTruth:
        """Where its objects are, whether the task is done, and the full state."""
        ...


@dataclass(slots=True)
class ProcessContext:
    """What all devices of one process share; simulated ones, the scene that they are in."""

    seed: int = 0
    control_rate_hz: float = 20.0
    arm: ArmName = "panda"
    hand: bool = True
    """Whether a Franka Hand is mounted."""
    tool: Tool = FRANKA_HAND
    payload: Payload | None = None
    scene: Scene | None = None

    @property
    def kinematics(self) -> Kinematics:
        """Of the arm with its tool."""
        return Kinematics(ARMS[self.arm], self.tool.pose)


@dataclass(frozen=True, slots=True, eq=False)
class Devices:
    """The devices that one process owns."""

    robot: RobotDriver | None = None
    cameras: Mapping[str, CameraDriver] = field(default_factory=dict)
    inputs: Mapping[str, InputDriver] = field(default_factory=dict)
    scene: Scene | None = None
    robot_name: str = ""
    """What the robot's driver is called."""
    gripper: Gripper | None = None
    """That it has."""

    def calibration(self) -> dict[str, Camera]:
        """Each camera's calibration as it stands now."""
        return {name: camera.calibration for name, camera in self.cameras.items()}
