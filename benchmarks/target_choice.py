"""How often a base looks at the right object at a task's start, before any fine-tuning.

    python benchmarks/target_choice.py [--base panda-tabletop] [--layouts 200]

Of novel *push* layouts: pairs of colour and shape that the base has seen, and pairs it has
not. Right means that the front camera's key point is nearer to the target than to anything
else.
"""

import sys

from frame import Bar, Figures, run
from sittings.looking import LookingOptions, looked_at

from teachloop.simulation.objects import is_base
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.world import World
from teachloop.training.evaluation.results import wilson
from teachloop.training.grounded.base import load_base

FIRST_SEED = 6_000_000  # far from what bases are made of


def measure(asked: LookingOptions) -> Figures:
    """How often it was right, of pairs of colour and shape that it has seen and has not."""
    policy = load_base(asked.base).eval()
    right: dict[str, list[bool]] = {"seen": [], "novel": []}
    first = FIRST_SEED + 10_000 * (asked.seed - 1)
    for seed in range(first, first + (10 if asked.quick else asked.layouts)):
        with World(sample_scene(seed, verb="push", split="novel")) as world:
            target = world.scene.task.target
            colour, shape = target.split()
            pair = "seen" if is_base(colour, shape) else "novel"
            right[pair].append(looked_at(policy, world, world.scene.instruction) == target)
    every = [*right["seen"], *right["novel"]]
    rows = {pair: _row(choices) for pair, choices in right.items() if choices}
    return {"base": asked.base, "share_right": sum(every) / len(every), **rows}


def bars(figures: Figures, asked: LookingOptions) -> list[Bar]:
    """The shipped base finds 99 of 100 (198 of 200)."""
    least = 0.8 if asked.quick else 0.97
    return [Bar("share of targets found", figures["share_right"], least=least)]


def _row(choices: list[bool]) -> dict[str, float]:
    low, high = wilson(sum(choices), len(choices))
    counts = {"layouts": len(choices), "right": sum(choices)}
    return {**counts, "low": round(low, 3), "high": round(high, 3)}


if __name__ == "__main__":
    sys.exit(run(measure, bars, LookingOptions))
