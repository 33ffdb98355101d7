"""How often the scripted expert solves each task of each split, and what a tick costs.

python benchmarks/expert_success.py [--scenes 100] [--seed 1]
"""

import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from frame import Bar, Figures, Options, run, say

from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.rollout import rollout
from teachloop.simulation.tasks import BASE_VERBS, VERBS, sample_scene
from teachloop.simulation.world import World

CASES = [("base", verb) for verb in BASE_VERBS] + [("novel", verb) for verb in VERBS]


def row(split: str, verb: str, seeds: range) -> dict[str, Any]:
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


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    scenes: int = 100
    """Scenes of each task."""


def measure(asked: Asked) -> Figures:
    """A row for each task, and what a tick costs."""
    first = 1000 * asked.seed
    seeds = range(first, first + (3 if asked.quick else asked.scenes))
    cases: list[dict[str, Any]] = []
    for split, verb in CASES:
        cases.append(row(split, verb, seeds))
        say(cases[-1])
    success = sum(each["success"] for each in cases) / len(cases)
    return {"success": round(success, 4), "cases": cases, "cpu_ms": cost()}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """The expert is what policies learn from."""
    return [Bar("success of the expert", figures["success"], least=0.95)]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
