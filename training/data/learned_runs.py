"""Which parts of a take are learned from, by who decided them and by how it ended.

What a policy did before somebody took over is what had to be corrected, so it is never cloned; its
last ticks are, where the take succeeded. Corrections are rare and say the most, so they are drawn
more often (as in Mandlekar et al. 2020, https://arxiv.org/abs/2012.06733).
"""

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.labels.label_values import Trim
from ...datasets.runs import runs
from ...datasets.steps import Decider
from ...datasets.takes.reader import Take
from ...datasets.takes.recorded_streams import ActionStream
from ...runtime.errors import TeachloopError

logger = logging.getLogger(__name__)
CORRECTION = 3  # times as often as any other tick


class NothingDecided(TeachloopError):
    """A take in which nobody did what could be learned."""

    def __init__(self, take_id: str) -> None:
        super().__init__(
            f"Take {take_id} teaches nothing: a policy drove it to its end, and nobody said that "
            "it succeeded. Say so where it did, or leave it out."
        )


@dataclass(frozen=True, slots=True, eq=False)
class LearnedRun:
    """A part of a take without a gap: as if it had been recorded alone."""

    actions: ActionStream
    corrects: bool  # whether a policy drove the take, too

    def weights(self, decided_by: NDArray[np.uint8]) -> NDArray[np.int64]:
        """How often each of some ticks (n,) of the run is drawn, beside others."""
        persons = np.isin(decided_by, (Decider.OPERATOR, Decider.GUIDED))
        corrections = persons & self.corrects
        return np.where(corrections, CORRECTION, 1)


def learned_runs(take: Take, succeeded: bool | None, trim: Trim | None = None) -> list[LearnedRun]:
    """The parts of a take that are learned from, in their order.

    ``succeeded``: what people say of the take; None where nobody judged it. ``trim``: what counts
    of it; None where all does. Raises NothingDecided.
    """
    actions = take.actions
    learned = _learned(actions.decided_by, succeeded)
    if trim is not None:
        learned &= (actions.time_ns >= trim.start_ns) & (actions.time_ns < trim.end_ns)
    if not learned.any():
        raise NothingDecided(take.info.take_id)
    if left := int((~learned).sum()):
        logger.info("Take %s: %d ticks are left out.", take.info.take_id, left)
    corrects = bool((actions.decided_by == Decider.POLICY).any())
    return [LearnedRun(actions.at(run), corrects) for run in runs(learned)]


def _learned(decided_by: NDArray[np.uint8], succeeded: bool | None) -> NDArray[np.bool_]:
    """Which ticks (n,) are learned from: a person's or script's, and a policy's last ones."""
    learned = ~by_policy(decided_by)
    if succeeded:
        others = np.flatnonzero(learned)
        learned[others[-1] if len(others) else 0 :] = True
    return learned


def by_policy(decided_by: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The ticks (n,) of a policy, and the pauses beside them, in which its plan was waited for."""
    acting = np.flatnonzero(decided_by != Decider.HOLD)
    if not len(acting):
        return np.zeros(len(decided_by), np.bool_)
    index, end = np.arange(len(decided_by)), len(acting) - 1
    before = acting[np.searchsorted(acting, index, "right").clip(1) - 1]
    after = acting[np.searchsorted(acting, index, "left").clip(max=end)]
    return (decided_by[before] == Decider.POLICY) | (decided_by[after] == Decider.POLICY)


def draw(rng: np.random.Generator, weights: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """``count`` rows of those with ``weights`` (n,), each as often as its weight says."""
    often = np.repeat(np.arange(len(weights)), weights // np.gcd.reduce(weights))
    return often[rng.integers(len(often), size=count)]
