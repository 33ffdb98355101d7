"""The parts of a take with a sub-task of their own: by ticks for pages, by times in the labels."""

from bisect import bisect_left
from collections.abc import Sequence

from ..datasets.alignment import Ints
from ..datasets.labels.label_values import Segment
from .errors import WrongPart
from .requests import Part
from .updates import ShownPart


def segments_of(parts: Sequence[Part], tick_ns: Ints) -> tuple[Segment, ...]:
    """As the labels keep them. ``tick_ns`` (T,): times of the take's ticks. Raises WrongPart unless
    each holds a tick of the take, and begins where the one before it has ended, or later."""
    edges = [*tick_ns.tolist(), int(tick_ns[-1]) + 1] if len(tick_ns) else [0]
    free = 0
    for part in parts:
        if not free <= part.start < part.end < len(edges):
            raise WrongPart(part.start, part.end, free, len(tick_ns))
        free = part.end
    return tuple(Segment(edges[part.start], edges[part.end], part.text) for part in parts)


def parts_of(segments: Sequence[Segment], tick_ns: Ints) -> list[ShownPart]:
    """As pages show them, without those that hold no tick."""
    times = tick_ns.tolist()
    parts = (
        ShownPart(
            start=bisect_left(times, segment.start_ns),
            end=bisect_left(times, segment.end_ns),
            text=segment.text,
        )
        for segment in segments
    )
    return [part for part in parts if part.start < part.end]
