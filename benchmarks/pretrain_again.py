"""Whether ``teachloop pretrain`` gives a base again that succeeds as often as the shipped one.

    teachloop pretrain --out DIR        # its defaults: an hour on two cores
    python benchmarks/pretrain_again.py DIR [--rollouts 40]

Both bases try the same unseen layouts of every task, so that layouts which one solves and the
other does not tell the difference (McNemar's pairs).
"""

import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from base_success import CASES, attempt, first_seed
from frame import Bar, Figures, Options, run, say

from teachloop.training.policies.base_names import DEFAULT

Pairs = list[tuple[bool, bool]]


def compare(again: str, split: str, verb: str, first: int, rollouts: int) -> Pairs:
    """(shipped, again) succeeded, for each layout."""
    both = [attempt(base, split, verb, first, rollouts).trials for base in (DEFAULT, again)]
    return [(first.success, second.success) for first, second in zip(*both, strict=True)]


def row(pairs: Pairs) -> dict[str, float]:
    """Both shares, their difference, and 1.96 times its standard error."""
    count = len(pairs)
    lost = sum(shipped and not again for shipped, again in pairs)
    won = sum(again and not shipped for shipped, again in pairs)
    spread = math.sqrt(max(1, lost + won - (won - lost) ** 2 / count)) / count
    return {
        "layouts": count,
        "shipped": round(sum(shipped for shipped, _ in pairs) / count, 3),
        "again": round(sum(again for _, again in pairs) / count, 3),
        "difference": round((won - lost) / count, 3),
        "noise": round(1.96 * spread, 3),
    }


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    again: Annotated[Path, tyro.conf.Positional]
    """Folder that teachloop pretrain made."""
    rollouts: int = 40
    """Layouts of each task."""


def measure(asked: Asked) -> Figures:
    """A row for each task and one for all; a quick run tries two layouts of the first."""
    cases, rollouts = (CASES[:1], 2) if asked.quick else (CASES, asked.rollouts)
    rows, every = {}, []
    for split, verb in cases:
        pairs = compare(str(asked.again), split, verb, first_seed(asked.seed), rollouts)
        every += pairs
        rows[f"{split} {verb}"] = row(pairs)
        say(f"{split} {verb} {rows[f'{split} {verb}']}")
    rows["all"] = row(every)
    settings = json.loads((asked.again / "pretrain.json").read_text())
    return {"again": settings, "rows": rows}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """No more difference than noise."""
    every = figures["rows"]["all"]
    return [Bar("difference of the success", abs(every["difference"]), most=every["noise"])]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
