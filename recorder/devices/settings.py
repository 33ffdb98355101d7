"""What a station consists of: its robot, cameras and inputs, each with its driver's settings."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from typing_extensions import Self

from ...datasets.tool import FLANGE, FRANKA_HAND, Payload, Tool
from ...geometry.arms import ArmName
from .camera_shape import CameraShape
from .desk_messages import PilotButton
from .limits import Limits

MOST_CAMERAS = 4
PAGE_DRIVER, SCRIPT_DRIVER = "keyboard", "script"
# What a page says of these is all
PAGE_DRIVERS = (PAGE_DRIVER, "gamepad", "browser_spacemouse", "browser_xr")
HAND, NO_GRIPPER = "hand", "none"  # drivers of grippers
TOOLS: Mapping[str, Tool] = {HAND: FRANKA_HAND, NO_GRIPPER: FLANGE}

# Names become groups of a take's file, topics and names of processes.
DeviceName = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]{0,31}$")]


# As a browser calls it: r, Enter, Backspace.
Key = Annotated[str, Field(pattern=r"^([!-~]|[A-Z][A-Za-z]{2,19})$")]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DriverSettings(_Settings):
    """Which driver, and what that driver is told."""

    driver: str = Field(min_length=1)
    """A driver's name, or its class as ``package.module:Class``."""
    settings: dict[str, JsonValue] = {}
    """What the driver calls its ``Settings``."""


class DeviceSettings(DriverSettings):
    """One device."""

    process: str = ""
    """Devices that name the same process share one; else each has a process of its own."""


class GripperSettings(DriverSettings):
    """The gripper at the robot's flange, which belongs to its process."""

    driver: str = Field(default=HAND, min_length=1)


class RobotSettings(DeviceSettings):
    """A robot, and what is mounted at its flange."""

    tool: Tool | None = None
    """Where the tool's centre point is; left out, between the fingertips of a Franka Hand, and at
    the flange where there is no gripper."""
    payload: Payload | None = None
    """What the arm carries beside the end effector that Desk knows of; left out, what the robot
    says."""


class CameraSettings(DeviceSettings):
    """A camera, and what its recorded images are to look like."""

    width: int = Field(default=640, ge=16, le=4096)
    height: int = Field(default=480, ge=16, le=4096)
    fps: float = Field(default=30.0, gt=0, le=1000)
    depth: bool = False
    jpeg: bool = False
    """Record the pictures as the camera compressed them (MJPEG), where it does: nothing is lost by
    compressing them again, and no time."""

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.jpeg and self.depth:
            raise ValueError("jpeg: a camera's own JPEG pictures come without depth: choose one")
        return self

    @property
    def shape(self) -> CameraShape:
        return CameraShape(self.width, self.height, self.fps, self.depth, self.jpeg)


class StationSettings(_Settings):
    """Everything that is configured about a station; ``cameras`` are in their order."""

    control_rate_hz: float = Field(default=20.0, ge=1, le=1000)
    robot: RobotSettings
    gripper: GripperSettings = GripperSettings()
    cameras: dict[DeviceName, CameraSettings] = Field(min_length=1, max_length=MOST_CAMERAS)
    inputs: dict[DeviceName, DeviceSettings] = {"keyboard": DeviceSettings(driver=PAGE_DRIVER)}
    limits: Limits = Limits()
    buttons: dict[PilotButton, Key] = {}
    """What the buttons at a Franka's hand do: each is a key of the page that drives, such as R,
    which begins and ends a take. Needs Desk."""
    push_nm: float = Field(default=0.0, ge=0, le=87, allow_inf_nan=False)
    """Torque at any joint with which a push takes the arm from a policy, where the robot measures
    it and can be led by the hand; 0: only inputs do."""

    @property
    def tool(self) -> Tool:
        """At the robot's flange; all poses are of its centre point."""
        return self.robot.tool or TOOLS.get(self.gripper.driver, FRANKA_HAND)

    @property
    def shared(self) -> "ProcessSettings":
        """What holds for the devices of every process; it owns none."""
        return ProcessSettings(
            control_rate_hz=self.control_rate_hz,
            arm=self.limits.arm,
            gripper=self.gripper,
            tool=self.tool,
            payload=self.robot.payload,
        )

    @property
    def shapes(self) -> Mapping[str, CameraShape]:
        """Camera name -> what its recorded images look like."""
        return {name: camera.shape for name, camera in self.cameras.items()}


class ProcessSettings(_Settings):
    """The devices that one process owns."""

    control_rate_hz: float
    arm: ArmName = "panda"
    gripper: GripperSettings = GripperSettings()
    """At the robot's flange, whichever process owns the robot."""
    tool: Tool = FRANKA_HAND
    payload: Payload | None = None
    robot: RobotSettings | None = None
    cameras: dict[str, CameraSettings] = {}
    inputs: dict[str, DeviceSettings] = {}


# Where a driver shares something with others of its name, they need one process. Inputs without
# one are nothing to be opened: what their agents need reaches the loop by itself.
SHARED_PROCESSES = {"simulated": "simulation", "synthetic": "synthetic"}
WITHOUT_DEVICE = (*PAGE_DRIVERS, SCRIPT_DRIVER)


def processes(settings: StationSettings) -> dict[str, ProcessSettings]:
    """Name of each process -> the devices that it owns; the robot's process is the first."""
    found: dict[str, ProcessSettings] = {}
    shared = settings.shared

    def place(alone: str, device: DeviceSettings) -> tuple[str, ProcessSettings]:
        name = device.process or SHARED_PROCESSES.get(device.driver, alone)
        return name, found.get(name, shared)

    name, process = place("robot", settings.robot)
    found[name] = process.model_copy(update={"robot": settings.robot})
    for camera, device in settings.cameras.items():
        name, process = place(f"camera-{camera}", device)
        found[name] = process.model_copy(update={"cameras": {**process.cameras, camera: device}})
    for hand, device in settings.inputs.items():
        if device.driver in WITHOUT_DEVICE:
            continue
        name, process = place(f"input-{hand}", device)
        found[name] = process.model_copy(update={"inputs": {**process.inputs, hand: device}})
    return found
