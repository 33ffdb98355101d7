"""Which demonstration is the nearest to what is asked for: first by what was said, then by where
the object is (as Dreczkowski et al. 2025 retrieve one, "Learning a thousand tasks in a day").

Not all words tell alike: *left* and *right* part demonstrations that go different ways, *push* and
*shove* do not. Which do is seen in the demonstrations themselves: a word tells as much as it
explains of how their ways differ (omega squared, Hays 1963).
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .demonstration import Demonstration

POINTS = 8  # of a way, evenly in time, by which it is told from others
FEW = 4  # demonstrations, of which nothing can be said of words yet


class Retrieval:
    """Finds the nearest of some demonstrations."""

    def __init__(self, demonstrations: Sequence[Demonstration]) -> None:
        self._demonstrations = demonstrations
        self._telling = telling_words(demonstrations)

    def nearest(self, asked: str, target: NDArray[np.float64]) -> Demonstration:
        """That which goes the way that is asked for; of several the one that was asked for in the
        most alike words, and then the one whose target was nearest to ``target`` (3,), metres."""
        wanted = set(_words(asked))

        def rank(each: Demonstration) -> tuple[float, float, float]:
            way = max(self._agreement(wanted, text) for text in each.said)
            alike = max(likeness(asked, text, each.names) for text in each.said)
            return round(way, 6), alike, -float(np.linalg.norm(each.target - target))

        return max(self._demonstrations, key=rank)

    def _agreement(self, wanted: set[str], said: str) -> float:
        told = set(_words(said))
        agree = ((word in wanted) == (word in told) for word in self._telling)
        return sum(
            weight * same for weight, same in zip(self._telling.values(), agree, strict=True)
        )


def telling_words(demonstrations: Sequence[Demonstration]) -> Mapping[str, float]:
    """The words that tell ways apart, and which share of the difference each explains, 0 … 1;
    nothing where there are too few demonstrations to know."""
    if len(demonstrations) < FEW:
        return {}
    ways = np.stack([_way(each) for each in demonstrations])
    said = [{word for text in each.said for word in _words(text)} for each in demonstrations]
    every = sorted(set().union(*said))
    shares = {word: explained(ways, np.array([word in each for each in said])) for word in every}
    return {word: share for word, share in shares.items() if share > 0}


def explained(ways: NDArray[np.float64], has: NDArray[np.bool_]) -> float:
    """Omega squared: the share of the variance of ``ways`` (n, d) that parting them by ``has`` (n,)
    explains, beyond chance. 0 where it parts nothing."""
    if has.all() or not has.any():
        return 0.0
    within = sum(float(((part - part.mean(0)) ** 2).sum()) for part in (ways[has], ways[~has]))
    whole = float(((ways - ways.mean(0)) ** 2).sum())
    by_chance = within / (len(ways) - 2)
    return max(0.0, (whole - within - by_chance) / max(whole + by_chance, 1e-12))


def likeness(asked: str, said: str, names: Sequence[str]) -> float:
    """The share of what was said that is asked for as well, more where it is more words; the things
    that are named do not count."""
    wanted, told = Counter(_words(asked)), Counter(_words(_without(said, names)))
    shared = (wanted & told).total()
    return shared / max(1, told.total()) + shared / 1000


def _way(each: Demonstration) -> NDArray[np.float64]:
    """(3 · POINTS,) metres from the target."""
    ticks = np.linspace(0, len(each.poses) - 1, POINTS).round().astype(np.int64)
    return (each.poses[ticks, :3, 3] - each.target).ravel()


def _without(text: str, names: Sequence[str]) -> str:
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    return text


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
