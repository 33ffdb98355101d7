"""What the control loop asks of the device process, and what that says."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from ...datasets.calibration import Calibration
from ...datasets.embodiment import Gripper
from ...runtime.ipc.messages import Failed, Question
from ...runtime.ipc.worker_process import WorkerSettings
from ...runtime.validation import StrictModel
from .camera_shape import CameraShape
from .interfaces import Twist, TwistFrame
from .scene import SceneDescription
from .serialization import PackedAction
from .settings import ProcessSettings

PREVIEW = "preview/"  # what the topic of each camera's previews begins with


class RingSettings(WorkerSettings):
    """What whoever reads or fills the rings is told at its start."""

    shapes: dict[str, CameraShape]  # of all the station's cameras, in order
    descriptors: list[int]  # of the rings


class DeviceProcessSettings(RingSettings):
    """What a device process is told at its start."""

    devices: ProcessSettings
    seed: int


class PreviewSettings(RingSettings):
    """What the process that makes previews is told at its start."""

    preview: str  # address at which it publishes pictures for pages


class Apply(StrictModel):
    """A target for the next tick; nobody waits for an answer."""

    kind: Literal["apply"] = "apply"
    action: PackedAction


class Guide(StrictModel):
    """Give way to a person's hand for the next tick; nobody waits for an answer."""

    kind: Literal["guide"] = "guide"
    action: PackedAction


class Rest(StrictModel):
    """The station has no use for pictures, or has again."""

    kind: Literal["rest"] = "rest"
    on: bool


class Stop(StrictModel):
    """Hold the measured pose at once."""

    kind: Literal["stop"] = "stop"


class Acknowledged(StrictModel):
    kind: Literal["acknowledged"] = "acknowledged"


class Acknowledge(Question[Acknowledged]):
    """A person saw the robot's error and wants to go on."""

    kind: Literal["acknowledge"] = "acknowledge"


class Description(StrictModel):
    """What the devices are, and before which scene: said at their start and after a reset."""

    kind: Literal["description"] = "description"
    robot: str  # "" where this process has none
    guided: bool  # whether a person can lead the robot by the hand
    gripper: Gripper | None  # that it has
    cameras: dict[str, Calibration]
    scene: SceneDescription | None
    since_ns: int  # what was seen before was seen of another scene


class Reset(Question[Description]):
    """Set up another scene; what is left out is drawn at random."""

    kind: Literal["reset"] = "reset"
    seed: int | None
    verb: str | None
    split: str
    scene: str = ""
    """All of it, as a take has it; the rest is then not asked for."""


class RobotStopped(StrictModel):
    """The robot stopped by itself; going on takes an acknowledgement."""

    kind: Literal["robot_stopped"] = "robot_stopped"
    error: str


class Moved(StrictModel):
    """What the hand at an input asks for."""

    kind: Literal["moved"] = "moved"
    input: str
    linear_m_s: Annotated[list[float], Field(min_length=3, max_length=3)]
    angular_rad_s: Annotated[list[float], Field(min_length=3, max_length=3)]
    gripper: float | None
    time_ns: int
    frame: TwistFrame = "base"

    @classmethod
    def of(cls, name: str, twist: Twist) -> "Moved":
        return cls(
            input=name,
            linear_m_s=list(twist.linear_m_s),
            angular_rad_s=list(twist.angular_rad_s),
            gripper=twist.gripper,
            time_ns=twist.time_ns,
            frame=twist.frame,
        )

    @property
    def twist(self) -> Twist:
        x, y, z = self.linear_m_s
        a, b, c = self.angular_rad_s
        return Twist((x, y, z), (a, b, c), self.gripper, self.time_ns, self.frame)


class Watched(StrictModel):
    """Whether anybody looks at the previews."""

    kind: Literal["watched"] = "watched"
    on: bool


DeviceRequest: TypeAlias = Apply | Guide | Rest | Stop | Acknowledge | Reset
DeviceNews: TypeAlias = Description | Acknowledged | RobotStopped | Moved | Failed

DEVICE_REQUESTS: TypeAdapter[DeviceRequest] = TypeAdapter(
    Annotated[DeviceRequest, Field(discriminator="kind")]
)
DEVICE_NEWS: TypeAdapter[DeviceNews] = TypeAdapter(
    Annotated[DeviceNews, Field(discriminator="kind")]
)
PREVIEW_NEWS: TypeAdapter[Watched] = TypeAdapter(Watched)
PREVIEW_REQUESTS: TypeAdapter[Stop] = TypeAdapter(Stop)  # nothing is asked of it
