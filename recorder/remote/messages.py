"""What two machines say to each other beside what a station says itself."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from ...runtime.ipc.serialization import NotPacked, unpack_plain
from ...runtime.validation import Invalid, StrictModel, validated
from ..devices.settings import StationSettings

FOR_STATION, FOR_GATE = b"station", b"gate"
STATES, PICTURES = 1, 2  # ports above the first one, at which these are published
STOPS = ("stop", "stop_robot")  # commands that are passed on however late they are


class About(StrictModel):
    """Which station is it?"""

    kind: Literal["about"] = "about"


class StartStation(StrictModel):
    """Start the station's process, unless it runs."""

    kind: Literal["start"] = "start"


GateRequest: TypeAlias = Annotated[About | StartStation, Field(discriminator="kind")]
GATE_REQUEST = TypeAdapter[About | StartStation](GateRequest)


class StationFacts(StrictModel):
    """The answer to both."""

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


_FACTS = TypeAdapter(StationFacts)


def facts_from(payload: bytes) -> StationFacts:
    """Raises Invalid for another version's answer."""
    try:
        return validated(_FACTS, unpack_plain(payload), "facts")
    except NotPacked as error:
        raise Invalid(f"The other machine's answer is not understood: {error}") from None
