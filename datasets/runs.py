"""Stretches of ticks of which the same holds."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def runs(chosen: NDArray[np.bool_]) -> Iterator[slice]:
    """Where flags (n,) are set without a gap, in their order."""
    edges = np.flatnonzero(np.diff(chosen, prepend=False, append=False))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield slice(start, end)
