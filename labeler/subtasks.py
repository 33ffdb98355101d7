"""The parts of a take with a sub-task of their own: by ticks for pages, by times in the labels."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..datasets.labels.label_values import Segment
from .errors import WrongPart
from .requests import Part
from .updates import ShownPart

TickTimes = NDArray[np.int64]  # (T,) ns of the take's clock


def segments_of(parts: Sequence[Part], tick_ns: TickTimes) -> tuple[Segment, ...]:
    """As the labels keep them. Raises WrongPart unless each holds a tick of the take, and begins
    where the one before it has ended, or later."""
    edges = [*tick_ns.tolist(), int(tick_ns[-1]) + 1] if len(tick_ns) else [0]
    free = 0
    for part in parts:
        if not free <= part.start < part.end < len(edges):
            raise WrongPart(part.start, part.end, free, len(tick_ns))
        free = part.end
    return tuple(Segment(edges[part.start], edges[part.end], part.text) for part in parts)


def parts_of(segments: Sequence[Segment], tick_ns: TickTimes) -> list[ShownPart]:
    """As pages show them, without those that hold no tick."""
    times = [(segment.start_ns, segment.end_ns) for segment in segments]
    ticks = np.searchsorted(tick_ns, np.array(times, np.int64).reshape(-1, 2)).tolist()
    return [
        ShownPart(start=start, end=end, text=segment.text)
        for (start, end), segment in zip(ticks, segments, strict=True)
        if start < end
    ]
