"""Whether ``teachloop pretrain`` gives a base again that succeeds as often as the shipped one.

    teachloop pretrain --out DIR        # its defaults: an hour on two cores
    python benchmarks/pretrain_again.py DIR [--rollouts 40]

Both bases try the same unseen layouts of every task, so that layouts which one solves and the
other does not tell the difference (McNemar's pairs). Writes
benchmarks/results/pretrain_again.json; fails where the difference is more than noise.
"""

import argparse
import json
import math
from pathlib import Path

from base_success import CASES, attempt

from teachloop.training.policies.base_names import DEFAULT

RESULT = Path(__file__).parent / "results" / "pretrain_again.json"
Pairs = list[tuple[bool, bool]]


def compare(again: str, split: str, verb: str, rollouts: int) -> Pairs:
    """(shipped, again) succeeded, for each layout."""
    both = [attempt(base, split, verb, rollouts).trials for base in (DEFAULT, again)]
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("again", help="folder that teachloop pretrain made")
    parser.add_argument("--rollouts", type=int, default=40)
    given = parser.parse_args()
    rows, every = {}, []
    for split, verb in CASES:
        pairs = compare(given.again, split, verb, given.rollouts)
        every += pairs
        rows[f"{split} {verb}"] = row(pairs)
        print(split, verb, rows[f"{split} {verb}"], flush=True)
    rows["all"] = row(every)
    print("all", rows["all"])
    settings = json.loads((Path(given.again) / "pretrain.json").read_text())
    RESULT.write_text(json.dumps({"again": settings, "rows": rows}, indent=2) + "\n")
    return int(abs(rows["all"]["difference"]) > rows["all"]["noise"])


if __name__ == "__main__":
    raise SystemExit(main())
