"""Which ticks of a take count, as a person marks them; nothing is removed from its file."""

from typing import Annotated

import numpy as np
from pydantic import Field

from ..runtime.errors import TeachloopError
from ..runtime.validation import MustBe, StrictModel
from .alignment import MOST_TICKS, Ints
from .labels.label_values import Trim

Tick = Annotated[int, Field(ge=0, le=MOST_TICKS), MustBe("the number of a tick")]


class TickSpan(StrictModel):
    """From ``start`` to the one before ``end``."""

    start: Tick
    end: Tick


class NothingMarked(TeachloopError):
    def __init__(self, span: TickSpan, ticks: int) -> None:
        super().__init__(
            f"From tick {span.start} to tick {span.end} is no part of a take of {ticks} ticks."
        )


def trim_to(time_ns: Ints, span: TickSpan) -> Trim | None:
    """What counts where that part of the ticks at ``time_ns`` (T,) does; None: all. Raises
    NothingMarked."""
    if not span.start < span.end <= len(time_ns):
        raise NothingMarked(span, len(time_ns))
    if span.end - span.start == len(time_ns):
        return None
    return Trim(int(time_ns[span.start]), int(time_ns[span.end - 1]) + 1)


def counted_ticks(time_ns: Ints, trim: Trim | None) -> TickSpan:
    """Those of the ticks at ``time_ns`` (T,) that count; a part without ticks has none."""
    if trim is None:
        return TickSpan(start=0, end=len(time_ns))
    start, end = np.searchsorted(time_ns, [trim.start_ns, trim.end_ns]).tolist()
    return TickSpan(start=start, end=end)
