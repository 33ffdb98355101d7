"""What the control loop asks of the writer, and what that says."""

from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field, TypeAdapter

from ...datasets.calibration import Calibration
from ...datasets.embodiment import Embodiment
from ...datasets.paths import TaughtPath
from ...datasets.tool import Payload
from ...runtime.ipc.messages import Failed, Question
from ...runtime.validation import StrictModel
from ..devices.messages import RingSettings
from ..devices.serialization import PackedAction

REMEMBERED_S = 30.0  # of what is practised, and can still become a take

LimitValues: TypeAlias = dict[str, float | list[float]]


class WriterSettings(RingSettings):
    """What the writer is told at its start."""

    data: str  # folder


class TakeFacts(StrictModel):
    """What is known about a take before it begins."""

    task: str
    instruction: str
    operator: str
    taught_by: str  # the name of the agent that is to act
    replay_of: str  # the take that is gone through again; "" where none is
    robot: str
    embodiment: Embodiment
    payload: Payload | None
    rate_hz: float
    cameras: dict[str, Calibration]
    limits: dict[str, LimitValues]  # name -> values; order = bit
    scene: str  # JSON that builds a simulated scene again; "" of a real one


class TakeHealth(StrictModel):
    """How the loop kept its promises during a take."""

    rate_hz: float
    ticks: int
    skipped: int
    late: int
    p99_lateness_ms: float
    max_lateness_ms: float
    late_by: dict[str, int]  # step of the loop -> ticks that were late because of it
    drops: dict[str, int]  # camera -> frames


class TakeSummary(StrictModel):
    """A take in the list of those that were kept last."""

    id: str
    seconds: float = 0.0
    created: str = ""
    instruction: str = ""
    success: bool | None = None
    partly: bool = False
    damaged: str = ""


class Ending(StrictModel):
    """How a take ended, as people say it."""

    success: bool | None  # None: nobody says
    partly: bool = False  # it failed, and did a part of its task

    def __str__(self) -> str:
        return "partly" if self.partly else str(self.success)


class Done(StrictModel):
    """The answer of the writer: which take it did something with."""

    kind: Literal["done"] = "done"
    take: str


class Finished(StrictModel):
    """The answer of the writer: the take lies on disk."""

    kind: Literal["finished"] = "finished"
    take: str
    start_ns: int  # from when on there is something in it
    silent_s: dict[str, float]  # devices that said nothing for long, and for how long


class Open(Question[Done]):
    """Make the file of a new take."""

    kind: Literal["open"] = "open"
    facts: TakeFacts
    recalls_ns: int | None = None  # what is remembered up to then is to become the take


class Begin(StrictModel):
    """From this moment on, what the devices publish belongs to the take."""

    kind: Literal["begin"] = "begin"
    time_ns: int
    since_ns: int  # what was seen before is of another scene


class Remember(StrictModel):
    """From this moment on, what happens is remembered for a while, though nobody records it."""

    kind: Literal["remember"] = "remember"
    time_ns: int
    since_ns: int  # what was seen before is of another scene


class Recall(StrictModel):
    """What is remembered of the time before this moment belongs to the take that was opened."""

    kind: Literal["recall"] = "recall"
    time_ns: int


class Forget(StrictModel):
    """Nobody wants what is remembered."""

    kind: Literal["forget"] = "forget"


class RecordStep(StrictModel):
    """What was decided at a tick."""

    kind: Literal["step"] = "step"
    time_ns: int
    requested: PackedAction
    applied: PackedAction
    clipped: list[str]  # names of the limits that changed the request


class RecordEvent(StrictModel):
    """Something that happened during a take."""

    kind: Literal["event"] = "event"
    time_ns: int
    event: str
    text: str


class Finish(Question[Finished]):
    """End the take; answered once it lies finished on disk."""

    kind: Literal["finish"] = "finish"
    time_ns: int
    health: TakeHealth


class Drop(StrictModel):
    """Nobody wants a take that was opened; nothing is in it."""

    kind: Literal["drop"] = "drop"
    take: str


class Keep(Question[Done]):
    """The take stays; how it ended becomes its first label."""

    kind: Literal["keep"] = "keep"
    take: str
    ending: Ending


class Mark(Question[Done]):
    """Say how a kept take ended."""

    kind: Literal["mark"] = "mark"
    take: str
    ending: Ending


class Discard(Question[Done]):
    """Put a take in the bin."""

    kind: Literal["discard"] = "discard"
    take: str


class Restore(Question[Done]):
    """Take a take out of the bin."""

    kind: Literal["restore"] = "restore"
    take: str


class Taught(StrictModel):
    """The way that a take taught, and before which scene."""

    kind: Literal["taught"] = "taught"
    take: str
    joints: bytes  # float64 (7,), rad
    times: bytes  # float64 (T,), s
    poses: bytes  # float64 (T, 4, 4)
    grippers: bytes | None  # float64 (T,)
    embodiment: Embodiment
    scene: str  # JSON of a simulated one; ""
    task: str
    instruction: str

    @property
    def path(self) -> TaughtPath:
        return TaughtPath(
            take=self.take,
            joints_rad=np.frombuffer(self.joints),
            times_s=np.frombuffer(self.times),
            poses=np.frombuffer(self.poses).reshape(-1, 4, 4),
            grippers=None if self.grippers is None else np.frombuffer(self.grippers),
        )


class ReadPath(Question[Taught]):
    """Read the way that a take taught."""

    kind: Literal["read_path"] = "read_path"
    take: str


class Recovered(StrictModel):
    """What an earlier process left behind was made whole, in words."""

    kind: Literal["recovered"] = "recovered"
    what: list[str]
    waiting: list[str] = Field(default_factory=list)
    """What could not be, and can be once the disk takes it."""


class Takes(StrictModel):
    """The newest takes, oldest first."""

    kind: Literal["takes"] = "takes"
    recent: list[TakeSummary]
    binned: list[str]  # the takes in the bin that are newer than the first of these
    removed: list[str]  # for good, since the last time


class Disk(StrictModel):
    """How much room there is, and how fast takes fill it."""

    kind: Literal["disk"] = "disk"
    free_gb: float
    bytes_s: float | None  # None before any was recorded

    def minutes(self, expected_bytes_s: float) -> float:
        """Of recording that there is room for; as is to be expected before any was."""
        return 1e9 * self.free_gb / max(self.bytes_s or expected_bytes_s, 1.0) / 60


WriterRequest: TypeAlias = (
    Open
    | Begin
    | Remember
    | Recall
    | Forget
    | RecordStep
    | RecordEvent
    | Finish
    | Drop
    | Keep
    | Mark
    | Discard
    | Restore
    | ReadPath
)
WriterNews: TypeAlias = Done | Finished | Failed | Recovered | Takes | Disk | Taught

WRITER_REQUESTS: TypeAdapter[WriterRequest] = TypeAdapter(
    Annotated[WriterRequest, Field(discriminator="kind")]
)
WRITER_NEWS: TypeAdapter[WriterNews] = TypeAdapter(
    Annotated[WriterNews, Field(discriminator="kind")]
)
