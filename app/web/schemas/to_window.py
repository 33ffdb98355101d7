"""What a window is told, told apart by ``type``."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue, SerializeAsAny, model_serializer

from ....labeler.updates import Update
from ....recorder.station.published import Event
from ....recorder.station.status import Status
from ..job_feed import JobSummary
from ..labeler_proxy import LabelerSummary
from ..roles import RoleName
from .from_window import Id


class ToWindow(BaseModel):
    """A message to a window."""

    model_config = ConfigDict(frozen=True)


class LinkSummary(ToWindow):
    """Whether the station runs, and what it said last where it does not."""

    running: bool
    message: str = ""
    last_words: str = ""


class Hello(ToWindow):
    """The first message: which window this is, and what there is."""

    type: Literal["hello"] = "hello"
    window: str
    may: list[RoleName]
    cameras: list[str]  # by the number that their frames carry
    simulated: bool
    link: LinkSummary
    labeler: LabelerSummary


class Link(LinkSummary):
    type: Literal["link"] = "link"


class Cameras(ToWindow):
    """The station has other cameras than were known."""

    type: Literal["cameras"] = "cameras"
    cameras: list[str]


class State(Status):
    """The station's newest status, and which window drives."""

    type: Literal["state"] = "state"
    driver: str | None


class Happened(Event):
    type: Literal["event"] = "event"


class Jobs(ToWindow):
    type: Literal["jobs"] = "jobs"
    jobs: list[JobSummary]


class TakesChanged(ToWindow):
    type: Literal["takes"] = "takes"


class TrialsChanged(ToWindow):
    type: Literal["trials"] = "trials"


class Labeler(LabelerSummary):
    type: Literal["labeler"] = "labeler"


class LabelsUpdated(ToWindow):
    """What the labeler tells by itself: labels changed, how a propagation goes, who is at which
    take, or which wordings are proposed."""

    type: Literal["label_progress", "label_changed", "label_presence", "label_proposals"]
    update: SerializeAsAny[BaseModel]

    @classmethod
    def of(cls, update: Update) -> "LabelsUpdated":
        return cls(type=update.kind, update=update)

    @model_serializer
    def _flat(self) -> dict[str, JsonValue]:
        return {"type": self.type, **self.update.model_dump(mode="json", exclude={"kind"})}


class PolicyState(ToWindow):
    """How the policy's process fares."""

    type: Literal["policy"] = "policy"
    state: Literal["loading", "ready", "away", "failed"]
    message: str = ""


class AttentionMap(ToWindow):
    """A probability map, the brightest 255."""

    height: int
    width: int
    values: str  # base64 of height × width bytes


class Attention(ToWindow):
    """What the policy looks at."""

    type: Literal["attention"] = "attention"
    maps: dict[str, AttentionMap]  # camera -> map
    thought_ms: float
    exchanged: str = ""
    """Words of the instruction that it reads as others."""


class Answer(ToWindow):
    """The answer to the message of the same id; without one, only failures are told."""

    type: Literal["reply"] = "reply"
    id: Id
    ok: bool
    result: SerializeAsAny[BaseModel] | None = None
    error: str = ""
    reason: Literal["", "stale", "away"] = ""
    """Which failures a page meets in a way of its own: somebody else changed the same words; who
    should have answered does not run."""
