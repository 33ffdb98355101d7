"""How often a base succeeds, without any fine-tuning, on its own tasks and on novel ones.

    python benchmarks/base_success.py [--base panda-tabletop] [--rollouts 40]

Writes benchmarks/results/base_success.json: success with Wilson's 95 % interval.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from teachloop.training.evaluation.results import Evaluation
from teachloop.training.evaluation.rollout_pool import PolicySpec, SceneSet, run_trials
from teachloop.training.policies.base_names import DEFAULT

RESULT = Path(__file__).parent / "results" / "base_success.json"
FIRST_SEED = 5_000_000  # far from what bases are made of
CASES = [("base", "pick"), ("base", "put"), ("base", "stack"), ("novel", "pick"), ("novel", "push")]


def attempt(base: str, split: Any, verb: Any, rollouts: int) -> Evaluation:
    """The base alone on one verb of one split, in the order of the layouts."""
    layouts = SceneSet(verb=verb, split=split, first_seed=FIRST_SEED, count=rollouts)
    trials = run_trials(PolicySpec(base=base), layouts, layouts.seeds, processes=2)
    return Evaluation(trials=tuple(sorted(trials, key=lambda trial: trial.seed)))


def measure(base: str, split: Any, verb: Any, rollouts: int) -> dict[str, Any]:
    """Success of the base on one verb of one split."""
    result = attempt(base, split, verb, rollouts).to_dict()
    kept = {name: round(result[name], 3) for name in ("success", "low", "high")}
    return {"split": split, "verb": verb, "rollouts": rollouts, **kept}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default=DEFAULT)
    parser.add_argument("--rollouts", type=int, default=40)
    options = parser.parse_args()
    rows = []
    for split, verb in CASES:
        rows.append(measure(options.base, split, verb, options.rollouts))
        print(rows[-1], flush=True)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
