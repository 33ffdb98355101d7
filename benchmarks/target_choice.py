"""How often a base looks at the right object at a task's start, before any fine-tuning.

    python benchmarks/target_choice.py [--base panda-tabletop] [--layouts 200]

Of novel *push* layouts: pairs of colour and shape that the base has seen, and pairs it has
not. Right means that the front camera's key point is nearer to the target than to anything
else. Writes benchmarks/results/target_choice.json.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from teachloop.simulation.objects import is_base
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.world import World
from teachloop.training.evaluation.results import wilson
from teachloop.training.grounded.agent import PolicyAgent
from teachloop.training.grounded.base import load_base
from teachloop.training.grounded.grounding import patch_centres
from teachloop.training.grounded.policy import GroundedPolicy
from teachloop.training.policies.base_names import DEFAULT

RESULT = Path(__file__).parent / "results" / "target_choice.json"
FIRST_SEED = 6_000_000  # far from what bases are made of


def looked_at(policy: GroundedPolicy, world: World) -> str:
    """The object nearest to where the policy looks at first in the front camera."""
    agent = PolicyAgent(policy, world.scene.instruction)
    agent.chunk(world.observe())
    attention = torch.from_numpy(agent.attention["front"])
    point = attention.flatten() @ patch_centres(len(attention)) / attention.sum()
    x, y = (point * 256).tolist()
    masks = world.instance_masks("front", 256, 256)
    return min(world.object_poses(), key=lambda name: _distance(masks[name], x, y))


def _distance(mask: np.ndarray, x: float, y: float) -> float:
    rows, columns = np.nonzero(mask)
    return float(np.hypot(columns - x, rows - y).min()) if len(rows) else np.inf


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default=DEFAULT)
    parser.add_argument("--layouts", type=int, default=200)
    options = parser.parse_args()
    policy = load_base(options.base).eval()
    right: dict[str, list[bool]] = {"seen": [], "novel": []}
    for seed in range(FIRST_SEED, FIRST_SEED + options.layouts):
        with World(sample_scene(seed, verb="push", split="novel")) as world:
            target = world.scene.task.target
            colour, shape = target.split()
            pair = "seen" if is_base(colour, shape) else "novel"
            right[pair].append(looked_at(policy, world) == target)
    rows = {pair: _row(choices) for pair, choices in right.items()}
    print(rows)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"base": options.base, **rows}, indent=2) + "\n")


def _row(choices: list[bool]) -> dict[str, float]:
    low, high = wilson(sum(choices), len(choices))
    counts = {"layouts": len(choices), "right": sum(choices)}
    return {**counts, "low": round(low, 3), "high": round(high, 3)}


if __name__ == "__main__":
    main()
