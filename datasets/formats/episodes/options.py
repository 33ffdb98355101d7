"""What every format is asked for. Imports nothing heavy."""

from typing import Annotated, TypeAlias

from pydantic import Field

from ....runtime.validation import MustBe, StrictModel

SMALLEST, LARGEST = 8, 4096  # pixels of a side
Side: TypeAlias = Annotated[
    int,
    Field(ge=SMALLEST, le=LARGEST),
    MustBe(f"a number of pixels from {SMALLEST} to {LARGEST}"),
]
Rate: TypeAlias = Annotated[
    int, Field(ge=1, le=240), MustBe("a whole number of frames a second from 1 to 240")
]


class CommonOptions(StrictModel):
    """What shall be written of takes."""

    cameras: tuple[str, ...] = ()
    """Which of the takes' cameras; all when left out, and then all takes of one data set must have
    the same."""
    operators: bool = False
    """Say who recorded each take."""
    hide_faces: bool = False
    """Hide the faces of people in the pictures; looks at each of them, which takes a while."""


class EpisodeOptions(CommonOptions):
    """What a data set shall hold of its takes, at ticks of one rate."""

    rate_hz: Rate | None = None
    """Frames a second; as the takes were controlled when left out."""
    size: tuple[Side, Side] | None = None
    """Height and width to which pictures are scaled; as they were recorded when left out."""
