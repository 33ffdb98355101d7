"""What a station can be asked for, what each command takes, and what it is answered with."""

from typing import Annotated, ClassVar, Generic, Literal, TypeVar

from pydantic import AfterValidator, Field

from ...datasets.calibration import Calibration
from ...runtime.ipc.frames import SharedFrame
from ...runtime.text import one_line
from ...runtime.validation import MustBe, StrictModel
from ..devices.interfaces import TwistFrame
from ..devices.scene import SceneSummary
from .status import Status, Task

MAX_CHUNK = 1024
MAX_SEED = 2**63 - 1  # what 64 bits with a sign hold
TEXT_LIMIT = 1000
DESK_S = 120.0  # for brakes, which take their time
# A take's id becomes a path: nothing in it may lead out of the folder of the takes.
TAKE_ID = r"^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$"

Reply = TypeVar("Reply")

Text = Annotated[
    str, Field(max_length=TEXT_LIMIT), MustBe(f"text of at most {TEXT_LIMIT} characters")
]
Line = Annotated[Text, AfterValidator(one_line)]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED), MustBe(f"a whole number from 0 to {MAX_SEED}")]
TakeId = Annotated[str, Field(pattern=TAKE_ID), MustBe("a take's id such as 20261122-154312-0007")]
Fraction = Annotated[float, Field(ge=0, le=1), MustBe("a number from 0 to 1")]
Coordinate = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]
Pose = Annotated[
    list[Coordinate], Field(min_length=16, max_length=16), MustBe("16 numbers from -10 to 10")
]
LinearSpeed = Annotated[float, Field(ge=-2, le=2, allow_inf_nan=False)]
Countdown = Annotated[float, Field(ge=0, le=60), MustBe("a number of seconds from 0 to 60")]
AngularSpeed = Annotated[float, Field(ge=-6, le=6, allow_inf_nan=False)]


class Command(StrictModel, Generic[Reply]):
    """A command that is answered by a ``Reply``."""

    patience_s: ClassVar[float] = 15.0  # how long whoever asks waits for that


class Nothing(StrictModel):
    """It is done; there is nothing more to say."""


class Done(StrictModel):
    """It is done, in words."""

    text: str


class TakeAnswer(StrictModel):
    """Which take a command was about; None where there was none."""

    take: str | None


class Started(StrictModel):
    """A take that begins now, or the countdown after which one will."""

    take: str | None = None
    countdown_s: float = 0.0


class Acquired(StrictModel):
    lease: str


class Attached(StrictModel):
    policy: str  # what the policy's chunks have to show


class ChunkTaken(StrictModel):
    taken: bool  # false where a newer chunk is there


class SceneSet(StrictModel):
    scene: SceneSummary


class Acquire(Command[Acquired]):
    """Take the controls."""

    client: Text
    take_over: bool = False


class ReplayBegun(StrictModel):
    """How far the arm is from where the take begins; it sets out for that now, slowly."""

    away_m: float
    away_rad: float


class Calibrations(StrictModel):
    """Where each camera is, and what its recorded images are of."""

    cameras: dict[str, Calibration]


class GetCalibrations(Command[Calibrations]):
    """How the cameras stand now."""


class Look(StrictModel):
    """What a camera saw last, and where the hand was meanwhile."""

    frame: SharedFrame
    time_ns: int
    hand: Pose  # the end effector in the base frame, row by row
    calibration: Calibration


class LookThrough(Command[Look]):
    """Where the newest frame of a camera lies."""

    camera: Text


class GetStatus(Command[Status]):
    """What is also published at every tick."""


class StopRobot(Command[TakeAnswer]):
    """Hold still and end what runs; anybody may."""


class Chunk(Command[ChunkTaken]):
    """A policy's next actions, one for each tick from the observation's on."""

    policy: Text
    time_ns: int  # of the observation
    poses: Annotated[list[Pose], Field(min_length=1, max_length=MAX_CHUNK)]
    grippers: Annotated[list[Fraction], Field(min_length=1, max_length=MAX_CHUNK)] | None
    """None: there is no gripper."""


class Heartbeat(Command[Nothing]):
    """The holder of the lease is still there."""


class Release(Command[Nothing]):
    """Give the controls back."""


class Acknowledge(Command[Nothing]):
    """A person saw what went wrong and wants to go on."""


class PrepareRobot(Command[Done]):
    """Have Desk unlock the joints and let FCI take commands; devices that were lost for want of
    that are started again."""

    patience_s: ClassVar[float] = DESK_S


class ParkRobot(Command[Done]):
    """Have Desk end FCI and lock the joints."""

    patience_s: ClassVar[float] = DESK_S


class RestartDevice(Command[Nothing]):
    """Start the lost device process again."""


class RestartWriter(Command[Nothing]):
    """Start the lost writing process again."""


class Twist(Command[Nothing]):
    """Held keys: velocities, and the gripper where its key was pressed."""

    linear: Annotated[
        list[LinearSpeed],
        Field(min_length=3, max_length=3),
        MustBe("3 numbers from -2 to 2 (m/s)"),
    ]
    angular: Annotated[
        list[AngularSpeed],
        Field(min_length=3, max_length=3),
        MustBe("3 numbers from -6 to 6 (rad/s)"),
    ]
    gripper: Fraction | None = None
    frame: TwistFrame = "base"


class SelectAgent(Command[Nothing]):
    """Choose who acts when the session moves."""

    name: Text


class AttachPolicy(Command[Attached]):
    """Expect chunks of a policy."""

    name: Text


class DetachPolicy(Command[Nothing]):
    """Take no more chunks."""


class SetTask(Command[Task]):
    """What the next take is of; what is left out stays as it is. A take that has begun keeps what
    it began with."""

    task: Line | None = None
    instruction: Line | None = None
    operator: Line | None = None


class Reset(Command[SceneSet]):
    """Set up another simulated scene; what is left out is drawn at random."""

    seed: Seed | None = None
    verb: Text | None = None
    split: Literal["base", "novel"] = "base"


class Home(Command[Nothing]):
    """Bring the arm home."""


class Replay(Command[ReplayBegun]):
    """Go along the way of a take again, and record that; a simulated scene is set up first as it
    was."""

    take: TakeId


class Practice(Command[Nothing]):
    """Move the robot without saving anything. Where it is refused, the agent stays as it was."""

    agent: Text | None = None  # to be chosen before it


class Start(Command[Started]):
    """Record a take. Where it is refused, task and agent stay as they were."""

    task: SetTask | None = None  # before it
    agent: Text | None = None  # to be chosen before it
    until_done: bool = False
    countdown_s: Countdown = 0.0


class Recall(Command[TakeAnswer]):
    """Make a take of what was practised last, and review it."""


class BeginNow(Command[Nothing]):
    """The countdown is over. Refused while arm or scene are not ready."""


class Stop(Command[TakeAnswer]):
    """End what runs."""


class NextTake(StrictModel):
    """What follows a decision: the arm goes home, or a simulated scene is set up anew; once that is
    done and the decision is on disk, the countdown begins, and then a take. Stop ends all of it."""

    countdown_s: Countdown
    agent: Text
    task: SetTask
    reset: Reset | None = None
    """None: the arm goes home."""


class Keep(Command[TakeAnswer]):
    """The reviewed take stays."""

    success: bool | None = None
    next: NextTake | None = None


class Discard(Command[TakeAnswer]):
    """The reviewed take goes to the bin."""

    next: NextTake | None = None


class Undo(Command[TakeAnswer]):
    """A take that this session kept goes to the bin; without a name, the last one."""

    take: TakeId | None = None


class Restore(Command[TakeAnswer]):
    """A take comes back from the bin; without a name, the one that this session put there last."""

    take: TakeId | None = None


class MarkSuccess(Command[TakeAnswer]):
    """Say whether a take succeeded: the current one, or a kept one. ``partly``: it failed, and did
    a part of its task."""

    value: bool | None
    partly: bool = False
    take: TakeId | None = None
