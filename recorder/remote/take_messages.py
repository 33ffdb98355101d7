"""What is asked and told of takes that lie on the other machine."""

from typing import Annotated, Literal

from pydantic import Field

from ...runtime.validation import StrictModel
from ..station.commands import TakeId

PART_BYTES = 1 << 20  # in one answer
Count = Annotated[int, Field(ge=0, lt=1 << 63)]


class ListTakes(StrictModel):
    """Which finished takes lie there?"""

    kind: Literal["takes"] = "takes"


class TakeHead(StrictModel):
    """A take that lies there."""

    take: TakeId
    bytes: Count  # of its file
    said: Count  # bytes of what was said about it


class TakeList(StrictModel):
    takes: list[TakeHead]  # the oldest first


class ReadTake(StrictModel):
    """A part of a take's file, or of what was said about it."""

    kind: Literal["read"] = "read"
    take: TakeId
    of: Literal["file", "said"]
    begins: Count  # bytes before it


class TakePart(StrictModel):
    """At most ``PART_BYTES``; none at the end."""

    content: Annotated[bytes, Field(max_length=PART_BYTES)]
