"""How often the scripted expert solves each task of each split, and what a tick costs.

    python benchmarks/expert_success.py [--scenes 100] [--first-seed 1000]

Writes benchmarks/results/expert_success.json.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.rollout import rollout
from teachloop.simulation.tasks import BASE_VERBS, VERBS, sample_scene
from teachloop.simulation.world import World

RESULT = Path(__file__).parent / "results" / "expert_success.json"
CASES = [("base", verb) for verb in BASE_VERBS] + [("novel", verb) for verb in VERBS]


def measure(split: str, verb: str, seeds: range) -> dict[str, Any]:
    """Success, length and reasons of failure over the seeds."""
    outcomes = []
    for seed in seeds:
        scene = sample_scene(seed, verb=verb, split=split)
        with World(scene) as world:
            expert = ScriptedExpert(scene, world.object_poses, seed)
            outcomes.append(rollout(world, expert, images=False))
    ticks = [outcome.ticks for outcome in outcomes]
    failures = Counter(outcome.failure_reason for outcome in outcomes if not outcome.success)
    return {
        "split": split,
        "verb": verb,
        "scenes": len(outcomes),
        "success": sum(outcome.success for outcome in outcomes) / len(outcomes),
        "ticks_p5_p50_p95": np.percentile(ticks, [5, 50, 95]).round(1).tolist(),
        "failures": dict(failures),
    }


def cost(seed: int = 0) -> dict[str, float]:
    """CPU milliseconds (medians, all threads) of what happens every tick."""
    scene = sample_scene(seed, verb="put")
    with World(scene) as world:
        expert = ScriptedExpert(scene, world.object_poses, seed)
        world.images()
        spent: dict[str, list[float]] = {}
        for _ in range(60):
            action = expert.act(world.observe(images=False))
            for name, work in _work(world, action).items():
                start = time.process_time()
                work()
                spent.setdefault(name, []).append(1000 * (time.process_time() - start))
    return {name: round(float(np.median(values)), 2) for name, values in spent.items()}


def _work(world: World, action: Any) -> dict[str, Any]:
    return {
        "apply": lambda: world.apply(action),
        "preview 640x480 (first after a move: shadows too)": world.preview,
        "wrist 256x256": lambda: world.render("wrist", 256, 256),
        "front mask 256x256": lambda: world.instance_masks("front", 256, 256),
        "wrist mask 256x256": lambda: world.instance_masks("wrist", 256, 256),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=100)
    parser.add_argument("--first-seed", type=int, default=1000)
    asked = parser.parse_args()
    seeds = range(asked.first_seed, asked.first_seed + asked.scenes)
    result = {"cases": [], "cpu_ms": cost()}
    RESULT.parent.mkdir(exist_ok=True)
    for split, verb in CASES:
        result["cases"].append(measure(split, verb, seeds))
        sys.stdout.write(json.dumps(result["cases"][-1]) + "\n")
        sys.stdout.flush()
        RESULT.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
