"""Sub-tasks that a set tells step by step."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...labels.edit import Edit
from ...labels.edits import SetSegments
from ...labels.label_values import Segment

Ints = NDArray[np.int64]


def segments_of(index: Ints, names: Sequence[str], times_ns: Ints, rate_hz: float) -> list[Edit]:
    """Of what is done at each step (T,), one of the names; "" is nothing, and so is a number that
    has no name."""
    begins = [0, *(np.flatnonzero(np.diff(index)) + 1).tolist()]
    ends = [*times_ns[begins[1:]].tolist(), int(times_ns[-1]) + round(1e9 / rate_hz)]
    done: list[int] = index[begins].tolist()
    spans = [
        Segment(int(times_ns[begin]), end, names[each])
        for begin, end, each in zip(begins, ends, done, strict=True)
        if 0 <= each < len(names) and names[each]
    ]
    return [SetSegments(tuple(spans))] if spans else []
