"""How often a base succeeds, without any fine-tuning, on its own tasks and on novel ones.

python benchmarks/base_success.py [--base panda-tabletop] [--rollouts 40] [--seed 1]
"""

import sys
from dataclasses import dataclass
from typing import Any

from frame import Bar, Figures, Options, run, say

from teachloop.training.evaluation.layouts import SceneSet
from teachloop.training.evaluation.results import Evaluation
from teachloop.training.evaluation.rollout_pool import PolicySpec, run_trials
from teachloop.training.policies.base_names import DEFAULT

FIRST_SEED = 5_000_000  # far from what bases are made of
APART = 10_000  # no two seeds of this benchmark share a layout
CASES = [("base", "pick"), ("base", "put"), ("base", "stack"), ("novel", "pick"), ("novel", "push")]


def first_seed(seed: int) -> int:
    """Of the layouts that a seed of this benchmark stands for."""
    return FIRST_SEED + APART * (seed - 1)


def attempt(base: str, split: Any, verb: Any, first: int, rollouts: int) -> Evaluation:
    """The base alone on one verb of one split, in the order of the layouts."""
    layouts = SceneSet(verb=verb, split=split, first_seed=first, count=rollouts)
    trials = run_trials(PolicySpec(base=base), layouts, layouts.seeds, processes=2)
    return Evaluation.of(sorted(trials, key=lambda trial: trial.seed))


def row(base: str, split: Any, verb: Any, first_seed: int, rollouts: int) -> dict[str, Any]:
    """Success of the base on one verb of one split, with Wilson's 95 % interval."""
    result = attempt(base, split, verb, first_seed, rollouts)
    kept = result.model_dump(include={"success", "low", "high"})
    kept = {name: round(value, 3) for name, value in kept.items()}
    return {"split": split, "verb": verb, "rollouts": rollouts, **kept}


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    base: str = DEFAULT
    """Name or folder of the base."""
    rollouts: int = 40
    """Layouts of each task."""


def measure(asked: Asked) -> Figures:
    """A row for each task; a quick run tries two layouts of the first."""
    cases, rollouts = (CASES[:1], 2) if asked.quick else (CASES, asked.rollouts)
    rows = []
    for split, verb in cases:
        rows.append(row(asked.base, split, verb, first_seed(asked.seed), rollouts))
        say(rows[-1])
    return {"base": asked.base, "rows": rows}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """The known tasks must be known: 0.7 is far below what the shipped base scores (0.88)."""
    if asked.quick:
        return []
    known = [each["success"] for each in figures["rows"] if each["split"] == "base"]
    return [Bar("success at the base's own tasks", sum(known) / len(known), least=0.7)]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
