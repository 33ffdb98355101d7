"""What two machines say to each other beside what a station says itself."""

from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import Field, TypeAdapter

from ...runtime.errors import TeachloopError
from ...runtime.ipc.messages import Failed
from ...runtime.ipc.serialization import NotPacked, unpack_plain
from ...runtime.validation import Invalid, StrictModel, validated
from ..devices.settings import StationSettings
from .take_messages import ListTakes, ReadTake

FOR_STATION, FOR_GATE = b"station", b"gate"
STATES, PICTURES = 1, 2  # ports above the first one, at which these are published
STOPS = ("stop", "stop_robot")  # commands that are passed on however late they are


_FAILED = TypeAdapter(Failed)
Reply = TypeVar("Reply", bound=StrictModel)


class NotGiven(TeachloopError):
    """What was asked for cannot be had there; in the other machine's words."""


class About(StrictModel):
    """Which station is it?"""

    kind: Literal["about"] = "about"


class StartStation(StrictModel):
    """Start the station's process, unless it runs."""

    kind: Literal["start"] = "start"


Request: TypeAlias = About | StartStation | ListTakes | ReadTake
GateRequest: TypeAlias = Annotated[Request, Field(discriminator="kind")]
GATE_REQUEST = TypeAdapter[Request](GateRequest)


class StationFacts(StrictModel):
    """The answer to About and StartStation."""

    host: str
    data: str  # folder, there
    running: bool
    ended: str  # how and with which last words; "" while it runs
    settings: str  # JSON of the StationSettings

    @property
    def parsed(self) -> StationSettings:
        return StationSettings.model_validate_json(self.settings)


def command_map(payload: bytes) -> dict[str, object]:
    """A command, or its answer, as its map; an empty one, where it is none, is refused by the
    station in its own words."""
    try:
        message = unpack_plain(payload)
    except NotPacked:
        return {}
    if not isinstance(message, dict):
        return {}
    return {str(name): value for name, value in message.items()}


def whole_number(value: object) -> int | None:
    """None where it is something else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def reply_from(payload: bytes, kind: type[Reply]) -> Reply:
    """Raises NotGiven, and Invalid for another version's answer."""
    try:
        content = unpack_plain(payload)
    except NotPacked as error:
        raise Invalid(f"The other machine's answer is not understood: {error}") from None
    if isinstance(content, dict) and content.get("kind") == "failed":
        raise NotGiven(validated(_FAILED, content, "answer").error)
    return validated(TypeAdapter(kind), content, "answer")
