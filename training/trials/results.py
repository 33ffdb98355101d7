"""What a study found: each policy by itself, and any two of them on the same scenes."""

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from ...runtime.json_file import StoredModel
from ..evaluation.results import wilson
from .statistics import bootstrap_mean, mcnemar_exact
from .study import Attempt, Study, Verdict


class Rate(StoredModel):
    """One policy's attempts that count. Intervals hold with 95 %."""

    policy: int
    attempts: int
    successes: int
    success: float | None
    """Share; None without attempts."""
    low: float
    """Of Wilson's interval."""
    high: float
    score: float | None
    """Mean; None without attempts."""
    score_low: float
    """Of the bootstrap over scenes."""
    score_high: float


class Pair(StoredModel):
    """Two policies on the same scenes, in the same rounds."""

    first: int
    second: int
    pairs: int
    only_first: int
    """Pairs in which the first alone succeeded."""
    only_second: int
    p: float
    """Of McNemar's exact test; each pair of policies by itself."""
    difference: float | None
    """Mean score of the first less that of the second; None without pairs."""
    difference_low: float
    """Of the bootstrap over scenes."""
    difference_high: float


class Results(StoredModel):
    rates: tuple[Rate, ...]
    pairs: tuple[Pair, ...]


def results_of(study: Study) -> Results:
    """Of the attempts that count so far."""
    policies = range(len(study.candidates))
    rates = tuple(_rate(study, policy) for policy in policies)
    pairs = tuple(_pair(study, *both) for both in combinations(policies, 2))
    return Results(rates=rates, pairs=pairs)


def counted(study: Study) -> Iterator[tuple[Attempt, Verdict]]:
    """The attempts that count, with their verdicts."""
    for attempt in study.attempts:
        if attempt.verdict is not None and not attempt.void:
            yield attempt, attempt.verdict


def _rate(study: Study, policy: int) -> Rate:
    by_scene: defaultdict[int, list[float]] = defaultdict(list)
    successes = 0
    for attempt, verdict in counted(study):
        slot = study.order[attempt.slot]
        if slot.policy == policy:
            by_scene[slot.scene].append(verdict.score)
            successes += verdict.success
    scores = [score for group in by_scene.values() for score in group]
    low, high = wilson(successes, len(scores))
    score_low, score_high = bootstrap_mean(list(by_scene.values()))
    return Rate(
        policy=policy,
        attempts=len(scores),
        successes=successes,
        success=successes / len(scores) if scores else None,
        low=low,
        high=high,
        score=_mean(scores),
        score_low=max(0.0, score_low),
        score_high=min(1.0, score_high),
    )


def _pair(study: Study, first: int, second: int) -> Pair:
    both = list(_pairs(study, first, second))
    by_scene: defaultdict[int, list[float]] = defaultdict(list)
    for scene, one, other in both:
        by_scene[scene].append(one.score - other.score)
    only_first = sum(one.success and not other.success for _, one, other in both)
    only_second = sum(other.success and not one.success for _, one, other in both)
    low, high = bootstrap_mean(list(by_scene.values()))
    return Pair(
        first=first,
        second=second,
        pairs=len(both),
        only_first=only_first,
        only_second=only_second,
        p=mcnemar_exact(only_first, only_second),
        difference=_mean([one.score - other.score for _, one, other in both]),
        difference_low=max(-1.0, low),
        difference_high=min(1.0, high),
    )


def _pairs(study: Study, first: int, second: int) -> Iterator[tuple[int, Verdict, Verdict]]:
    """Scene and both verdicts, where both were tried."""
    verdicts: dict[tuple[int, int, int], Verdict] = {}
    for attempt, verdict in counted(study):
        slot = study.order[attempt.slot]
        verdicts[slot.scene, slot.round, slot.policy] = verdict
    for (scene, turn, policy), verdict in verdicts.items():
        other = verdicts.get((scene, turn, second))
        if policy == first and other is not None:
            yield scene, verdict, other


def _mean(values: list[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None
