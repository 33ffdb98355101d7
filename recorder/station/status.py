"""What the station says about itself, at every tick: the ``state`` topic."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, JsonValue

from ...datasets.embodiment import Embodiment
from ...runtime.validation import StrictModel
from ..devices.scene import SceneSummary
from ..writer.messages import LimitValues, TakeSummary
from .faults import Fault
from .health import HealthSummary
from .session import Phase

WaitsFor: TypeAlias = Literal["", "home", "scene"]
DecidedBy: TypeAlias = Literal["hold", "operator", "script", "policy", "guided"]


class Task(StrictModel):
    """What the next take is of, and who records it."""

    task: str = ""
    instruction: str = ""
    operator: str = ""


class CameraStatus(StrictModel):
    """One camera of the station; its place in the list is its number in frames."""

    name: str
    width: int
    height: int
    fps: float
    depth: bool


class InputStatus(StrictModel):
    """One input of the station."""

    name: str
    driver: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    """What its driver is told; of an input of pages, whatever that can be told."""
    problem: str = ""
    """Why a page cannot use it; empty where it can."""
    asks: list[float] | None = None
    """6: m/s and rad/s in the base frame; None while its hand asks for nothing."""
    gripper: float | None = None


class TakeStatus(StrictModel):
    """The take that is recorded or reviewed."""

    id: str
    seconds: float
    saved: bool  # whether it lies finished on disk
    success: bool | None
    partly: bool = False
    silent_s: dict[str, float] = Field(default_factory=dict)
    """Devices of which nothing came for long, and for how long; known once it is saved."""


class RobotStatus(StrictModel):
    """The newest reading, and what is asked of the robot."""

    age_ms: float  # of the reading; what follows was true then
    joint_positions_rad: list[float]  # 7
    ee_pose: list[float]  # 16, row by row
    gripper_width_m: float | None  # None: there is no gripper
    gripper_target: float | None
    speed_m_s: float
    clipped: list[str]  # names of the limits that changed the last request
    # What only some robots measure; None where this one does not.
    joint_torques_nm: list[float] | None = None  # 7
    external_torques_nm: list[float] | None = None  # 7
    external_wrench: list[float] | None = None  # 6: force in N, torque in N m
    errors: list[str] | None = None
    control_success_rate: float | None = None


class LeaseStatus(StrictModel):
    client: str


class SceneStatus(SceneSummary):
    """The simulated scene, and how its task stands."""

    success: bool | None
    missing: str  # to success, in words


class PolicyStatus(StrictModel):
    name: str
    chunk_age_s: float | None


class Status(StrictModel):
    """Everything about the station, for pages."""

    time_ns: int
    tick: int
    source: str
    desk: bool  # whether the robot's Desk can be asked
    ready: bool  # false while robot, cameras or writer are still starting
    control_rate_hz: float
    limits: dict[str, LimitValues]  # that hold now, as takes have them
    embodiment: Embodiment  # what is mounted at the arm
    cameras: list[CameraStatus]
    agents: list[str]  # names to select
    inputs: list[InputStatus]
    phase: Annotated[Phase, Field(strict=False)]
    armed: bool  # whether the arm moves, or is about to
    resting: bool  # a simulated world that nobody looks at stands still
    countdown_s: float
    waits_for: WaitsFor  # before the countdown begins
    agent: str
    decided_by: DecidedBy
    replaying: str | None  # the take that is gone through again, or on the way to its beginning
    take: TakeStatus | None
    remembered_s: float  # of what is practised, that can still be kept
    kept: list[TakeSummary]  # the newest takes of the data folder, the newest last
    undoable: list[str]  # takes that this session kept, the last one last
    bin: list[str]  # takes that this session put there, the last one last
    task: Task
    robot: RobotStatus | None  # None before the first reading
    health: HealthSummary
    lease: LeaseStatus | None
    scene: SceneStatus | None  # None with real devices
    policy: PolicyStatus | None
    fault: Fault | None
