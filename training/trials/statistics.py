"""Intervals and tests for attempts: success or not, and scores between 0 and 1."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
SEED = 0  # the same study gives the same interval whenever it is asked for


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Two-sided p that two policies succeed equally often, from the pairs in which they differ.

    McNemar's test (Psychometrika 12, 1947) in its exact form: of the pairs in which one alone
    succeeded, half are expected of each, so the smaller count is binomial with 1/2.
    """
    differing = only_first + only_second
    if not differing:
        return 1.0
    smaller = min(only_first, only_second)
    tail = sum(math.comb(differing, count) for count in range(smaller + 1))
    return min(1.0, 2 * tail / 2**differing)


def bootstrap_mean(groups: Sequence[Sequence[float]]) -> tuple[float, float]:
    """95 % interval of the mean of values that come in groups, such as scores by scene.

    Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter
    13) over whole groups, as values of one group are no independent draws (Davison and Hinkley,
    Bootstrap Methods and their Application, 1997, section 3.8). Where all values are equal it
    has no width, which says little of a few. With fewer than two groups nothing is known: the
    interval is all that is possible, -inf to inf.
    """
    filled = [group for group in groups if group]
    if len(filled) < 2:
        return -math.inf, math.inf
    sums = np.array([math.fsum(group) for group in filled])
    sizes = np.array([len(group) for group in filled], dtype=np.float64)
    drawn = np.random.default_rng(SEED).integers(len(filled), size=(RESAMPLES, len(filled)))
    means: NDArray[np.float64] = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
