"""What two machines say to each other beside what a station says itself."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from ...runtime.ipc.serialization import NotPacked, unpack_plain
from ...runtime.validation import Invalid, StrictModel, validated
from ..devices.settings import StationSettings

FOR_STATION, FOR_GATE = b"station", b"gate"
STATES, PICTURES = 1, 2  # ports above the first one, at which these are published


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


_FACTS = TypeAdapter(StationFacts)


def facts_from(payload: bytes) -> StationFacts:
    """Raises Invalid for another version's answer."""
    try:
        return validated(_FACTS, unpack_plain(payload), "facts")
    except NotPacked as error:
        raise Invalid(f"The other machine's answer is not understood: {error}") from None
