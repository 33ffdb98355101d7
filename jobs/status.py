"""How far a job is."""

from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from ..runtime.json_file import JsonObject, StoredModel

State = Literal["queued", "running", "done", "failed", "cancelled", "crashed"]
ENDED: tuple[State, ...] = ("done", "failed", "cancelled", "crashed")


class JobStatus(StoredModel):
    """How far the job is. `crashed` is never written: it is seen from outside."""

    state: State = "queued"
    progress: float = 0.0
    """0 … 1."""
    stage: str = ""
    message: str = ""
    eta_s: float | None = None
    """Time left."""
    started: float | None = None
    """Seconds since the epoch."""
    updated: float | None = None
    """Seconds since the epoch."""
    result: JsonObject = Field(default_factory=dict)
    """What came of it; each kind has a model of its own for it."""

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def worked_s(self) -> float:
        """Seconds that an ended job worked, without waiting for its turn."""
        return (self.updated or 0.0) - (self.started or 0.0)


class StatusChanges(TypedDict, total=False):
    """Fields of a JobStatus that its job may change."""

    state: State
    progress: float
    stage: str
    message: str
    eta_s: float | None
    started: float | None
    result: JsonObject
