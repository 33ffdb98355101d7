"""Statistics as LeRobot keeps them, in memory that does not grow with the data.

Of rows they are exact but for the quantiles of a whole data set, which are off by a 4096th of the
range at most; of pictures they are those of the pixels that were looked at.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Stats = dict[str, NDArray]
SHARES = {"q01": 0.01, "q10": 0.1, "q50": 0.5, "q90": 0.9, "q99": 0.99}
BINS = 4096
LEVELS = 256  # of a colour
SIDE = 150  # of pictures, to which they are thinned for these figures
FEWEST = 100  # pictures of an episode that are looked at, where it has as many


@dataclass(slots=True)
class Moments:
    """Of rows (n, D), some of them at a time."""

    count: int
    low: Floats  # (D,)
    high: Floats
    mean: Floats
    squares: Floats  # sum of the squared distances from the mean

    @classmethod
    def of(cls, rows: NDArray) -> Self:
        values = rows.astype(np.float64)
        mean = values.mean(0)
        squares = ((values - mean) ** 2).sum(0)
        return cls(len(values), values.min(0), values.max(0), mean, squares)

    def add(self, other: Self) -> None:
        count, apart = self.count + other.count, other.mean - self.mean
        self.squares += other.squares + apart**2 * self.count * other.count / count
        self.mean += apart * other.count / count
        self.low = np.minimum(self.low, other.low)
        self.high = np.maximum(self.high, other.high)
        self.count = count

    def stats(self) -> Stats:
        """All but the quantiles."""
        return {
            "min": self.low,
            "max": self.high,
            "mean": self.mean,
            "std": np.sqrt(self.squares / self.count),
            "count": np.array([self.count]),
        }


class Histograms:
    """Of rows (n, D) between known ends (D,), some of them at a time."""

    def __init__(self, low: Floats, high: Floats) -> None:
        self._low, self._range = low, high - low
        self._counts = np.zeros((len(low), BINS), np.int64)

    def add(self, rows: NDArray) -> None:
        width = np.where(self._range > 0, self._range, 1.0)
        bins = np.clip((rows - self._low) / width * BINS, 0, BINS - 1).astype(np.int64)
        for counts, column in zip(self._counts, bins.T, strict=True):
            counts += np.bincount(column, minlength=BINS)

    def quantiles(self) -> Stats:
        found = {name: self._places(share) for name, share in SHARES.items()}
        return {name: self._low + self._range * places for name, places in found.items()}

    def _places(self, share: float) -> Floats:
        """How far along each range (D,) the quantile lies, 0 … 1."""
        below = np.cumsum(self._counts, 1)
        wanted = share * below[:, -1:]
        bins = (below < wanted).sum(1)
        before = np.take_along_axis(np.pad(below, ((0, 0), (1, 0))), bins[:, None], 1)
        inside = np.take_along_axis(self._counts, bins[:, None], 1)
        return (bins + ((wanted - before) / inside)[:, 0]) / BINS


def episode_stats(rows: NDArray) -> Stats:
    """Of all rows (T, D) of an episode."""
    values = rows.astype(np.float64)
    quantiles = np.quantile(values, list(SHARES.values()), axis=0)
    return {**Moments.of(rows).stats(), **dict(zip(SHARES, quantiles, strict=True))}


def looked_at(length: int) -> Ints:
    """Which pictures of an episode the figures are of: all of a short one."""
    count = min(length, max(FEWEST, round(length**0.75)))
    return np.unique(np.linspace(0, length - 1, count).round().astype(np.int64))


@dataclass(slots=True)
class Colours:
    """How often each level of each colour was seen in some pictures."""

    pictures: int
    levels: Ints  # (3, 256)

    @classmethod
    def none(cls) -> Self:
        return cls(0, np.zeros((3, LEVELS), np.int64))

    def look(self, image: NDArray[np.uint8]) -> None:
        """At one picture (height, width, 3), thinned."""
        step = max(1, min(image.shape[:2]) // SIDE)
        for counts, channel in zip(self.levels, image[::step, ::step].T, strict=True):
            counts += np.bincount(channel.ravel(), minlength=LEVELS)
        self.pictures += 1

    def add(self, other: Self) -> None:
        self.pictures += other.pictures
        self.levels += other.levels

    def stats(self) -> Stats:
        """Of colours from 0 to 1, (3, 1, 1)."""
        value = np.arange(LEVELS) / (LEVELS - 1)
        shares = self.levels / self.levels.sum(1, keepdims=True)
        mean = shares @ value
        found = {
            "min": value[(self.levels > 0).argmax(1)],
            "max": value[LEVELS - 1 - (self.levels[:, ::-1] > 0).argmax(1)],
            "mean": mean,
            "std": np.sqrt(np.maximum(shares @ value**2 - mean**2, 0.0)),
        }
        below = np.cumsum(shares, 1)
        for name, share in SHARES.items():
            found[name] = value[np.minimum((below < share - 1e-12).sum(1), LEVELS - 1)]
        columns = {name: each.reshape(3, 1, 1) for name, each in found.items()}
        return {**columns, "count": np.array([self.pictures])}
