"""Does a base find a thing that is called by a word that it was never told?

    python benchmarks/synonyms.py [--quick] [--seed 1] [--json] [--base DIR] [--layouts 150]

Of novel *push* layouts, the first look when the target is called by its own name, by another word
for its colour, by another word for the thing, and by both. Right means that the front camera's key
point is nearer to the target than to anything else. None of the words stands in a sentence that the
base was taught by; the lists are this benchmark's alone.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from frame import Bar, Figures, run
from sittings.looking import LookingOptions, looked_at

from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.world import World
from teachloop.training.evaluation.results import wilson
from teachloop.training.grounded.base import load_base
from teachloop.training.grounded.policy import GroundedPolicy

FIRST_SEED = 6_500_000  # far from what bases are made of
COLOURS: Mapping[str, tuple[str, ...]] = {
    "red": ("crimson", "scarlet", "ruby", "vermillion"),
    "orange": ("tangerine", "pumpkin", "apricot", "amber"),
    "yellow": ("golden", "lemon", "mustard", "canary"),
    "green": ("emerald", "lime", "olive", "jade"),
    "blue": ("azure", "navy", "cobalt", "sapphire"),
    "purple": ("violet", "lilac", "magenta", "lavender"),
}
THINGS: Mapping[str, tuple[str, ...]] = {
    "cube": ("block", "box", "dice"),
    "cylinder": ("can", "tube", "drum"),
    "brick": ("slab", "bar", "ingot"),
    "disc": ("disk", "puck", "coin"),
    "hexagon": ("nut", "prism", "honeycomb"),
}
KINDS = ("its name", "another colour", "another thing", "both")


@dataclass(frozen=True, kw_only=True)
class Asked(LookingOptions):
    layouts: int = 150


def measure(asked: Asked) -> Figures:
    """The share of right first looks, by how the target is called."""
    policy = load_base(asked.base).eval()
    first = FIRST_SEED + 10_000 * (asked.seed - 1)
    layouts = range(first, first + (8 if asked.quick else asked.layouts))
    right: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for layout in layouts:
        for kind, found in _looks(policy, layout):
            right[kind].append(found)
    return {"base": asked.base, "found": {kind: _row(each) for kind, each in right.items()}}


def _looks(policy: GroundedPolicy, layout: int) -> list[tuple[str, bool]]:
    draw = np.random.default_rng([layout, 3])
    with World(sample_scene(layout, verb="push", split="novel")) as world:
        target = world.scene.task.target
        colour, thing = target.split()
        other = str(draw.choice(COLOURS[colour])), str(draw.choice(THINGS[thing]))
        called = (target, f"{other[0]} {thing}", f"{colour} {other[1]}", " ".join(other))
        said = (world.scene.instruction.replace(target, name) for name in called)
        found = [looked_at(policy, world, text) == target for text in said]
    return list(zip(KINDS, found, strict=True))


def _row(found: list[bool]) -> dict[str, float]:
    low, high = wilson(sum(found), len(found))
    share = sum(found) / len(found)
    return {"share": round(share, 4), "low": round(low, 3), "high": round(high, 3)}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Of a few layouts nothing can be said."""
    if asked.quick:
        return []
    found = {kind: row["share"] for kind, row in figures["found"].items()}
    asked_for = ("another colour", "another thing")
    return [Bar(f"found by {kind}", found[kind], least=0.7) for kind in asked_for]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
