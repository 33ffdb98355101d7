"""Which demonstration is the nearest to what is asked for: first by what was said, then by where
the object is (as Dreczkowski et al. 2025 retrieve one, "Learning a thousand tasks in a day")."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .demonstration import Demonstration

Likeness = tuple[float, int]
"""How much of what was said is asked for as well: as a share, and in words."""


def retrieve(
    asked: str, target: NDArray[np.float64], demonstrations: Sequence[Demonstration]
) -> Demonstration:
    """The one whose words are the most alike, apart from what its things are called; of several the
    one whose target was nearest to ``target`` (3,), metres."""

    def rank(each: Demonstration) -> tuple[Likeness, float]:
        nearness = -float(np.linalg.norm(each.target - target))
        return max(likeness(asked, text, each.names) for text in each.said), nearness

    return max(demonstrations, key=rank)


def likeness(asked: str, said: str, names: Sequence[str]) -> Likeness:
    """How alike a text is to one that was said, of which the things that are named do not count."""
    wanted, told = Counter(_words(asked)), Counter(_words(_without(said, names)))
    shared = (wanted & told).total()
    return shared / max(1, told.total()), shared


def _without(text: str, names: Sequence[str]) -> str:
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    return text


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
