"""The whole demo, seed after seed: what one sitting teaches, and how long it takes.

    python benchmarks/demo.py [--seed 1] [--seeds 3] [--episodes 20] [--rollouts 50]

Takes about five minutes a seed on two cores; run nothing beside it. The figures are the demo's
own last line for each seed, with the time it took.
"""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

from frame import Bar, Figures, Options, run, say

PLACES = ("take_dir", "adapter_dir")  # gone with the demo's folder


def run_demo(seed: int, episodes: int, rollouts: int, preset: str) -> dict[str, Any]:
    """One demo in a folder of its own; raises CalledProcessError where it fails."""
    sizes = ["--episodes", str(episodes), "--rollouts", str(rollouts), "--preset", preset]
    command = ["-m", "teachloop.app.cli", "demo", *sizes, "--seed", str(seed), "--json"]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, *command, "--out", f"{folder}/demo"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    line = json.loads(done.stdout.splitlines()[-1])
    kept = {name: value for name, value in line.items() if name not in PLACES}
    return {"seed": seed, **kept, "wall_s": round(time.monotonic() - began)}


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    """``seed`` is the first one."""

    seeds: int = 3
    """How many seeds, from ``seed`` on."""
    episodes: int = 20
    """Takes to record for each seed."""
    rollouts: int = 50
    """Unseen layouts to try before and after fine-tuning."""


def measure(asked: Asked) -> Figures:
    """Every seed's own last line, and the success of all of them together."""
    sizes = (2, 2, "tiny") if asked.quick else (asked.episodes, asked.rollouts, "quick")
    demos = []
    for seed in range(asked.seed, asked.seed + (1 if asked.quick else asked.seeds)):
        demos.append(run_demo(seed, *sizes))
        say(demos[-1])
    pooled = sum(demo["success_after"] for demo in demos) / len(demos)
    return {"pooled_success_after": round(pooled, 4), "demos": demos}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """What twenty takes must teach; a quick run teaches nothing."""
    if asked.quick:
        return []
    return [Bar("success after, pooled", figures["pooled_success_after"], least=0.9)]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
