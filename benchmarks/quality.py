"""Whether spoiled takes are noticed, and good ones left alone.

Good takes are the scripted demonstrator's, of three tasks. Each is judged beside the others of its
task; then it is spoiled in ten ways, each weakly, middling and strongly, and judged again. The
thresholds were set on other seeds.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from frame import Bar, Figures, Options, run, say
from spoiling.good_takes import good_take
from spoiling.ways import STRENGTHS, WAYS

from teachloop.datasets.quality.findings import Usual, findings
from teachloop.datasets.quality.measures import Streams, TakeMeasures, measure_streams

TASKS = ("pick", "put", "stack")


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    takes: int = 102
    """Good takes, of all tasks together."""


def measure(asked: Asked) -> Figures:
    """Shares of takes that were found fault with."""
    of_task = (24 if asked.quick else asked.takes) // len(TASKS)
    alarms: list[str] = []
    found: dict[str, dict[str, list[bool]]] = {name: defaultdict(list) for name in STRENGTHS}
    total = 0
    for task in TASKS:
        takes = _good(task, of_task, 10_000 * asked.seed)
        total += len(takes)
        alarms += _judge(takes, found, asked.seed)
        say(f"{task}: {len(takes)} takes")
    shares = {
        strength: {way: float(np.mean(hits)) for way, hits in ways.items()}
        for strength, ways in found.items()
    }
    return {
        "good_takes": total,
        "false_alarms": len(alarms) / total,
        "said_of_good_ones": sorted(alarms),
        "found": {name: float(np.mean(list(ways.values()))) for name, ways in shares.items()},
        "by_way": shares,
    }


def _good(task: str, wanted: int, first: int) -> list[Streams]:
    takes: list[Streams] = []
    seeds = count(first)
    while len(takes) < wanted:
        take = good_take(task, next(seeds))
        takes += [] if take is None else [take]
    return takes


def _judge(
    takes: Sequence[Streams], found: dict[str, dict[str, list[bool]]], seed: int
) -> list[str]:
    """What is said of good takes; what is found in spoiled ones goes into ``found``."""
    known = [_figures(take) for take in takes]
    said: list[str] = []
    for number, take in enumerate(takes):
        usual = Usual.of([each for other, each in enumerate(known) if other != number])
        said += [each.text for each in findings(known[number], usual)][:1]
        for name, way in WAYS.items():
            for strength, amount in zip(STRENGTHS, way.amounts, strict=True):
                random = np.random.default_rng([seed, number, len(found[strength][name])])
                spoiled = _figures(way.spoil(take, amount, random))
                kinds = {each.kind for each in findings(spoiled, usual)}
                found[strength][name].append(bool(kinds & way.kinds))
    return said


def _figures(take: Streams) -> TakeMeasures:
    found = measure_streams(take)
    assert found is not None, "there are ticks enough"
    return found


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Of the average over all ways."""
    found: Any = figures["found"]
    return [
        Bar("found of strongly spoiled", found["strong"], least=0.9),
        Bar("found of middling spoiled", found["middle"], least=0.6),
        Bar("good ones with something said", figures["false_alarms"], most=0.05),
    ]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
