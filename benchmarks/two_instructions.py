"""Whether words decide: two things of one scene are asked for in turn, then none, then in the dark.

    python benchmarks/two_instructions.py [--quick] [--seed 1] [--json] [--scenes 100]
                                          [--base panda-tabletop] [--adapter FOLDER]

In each scene two objects are chosen, and each is asked for once: the first look must go to the
named one, both times. Where nothing is said, the look must find the first of them no more often
than by chance, one in the number of objects. And a policy that is shown black images must not
succeed. Scenes hold what the base has seen, and what it has not.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from frame import Bar, Figures, Options, run, say
from sittings.looking import looked_at

from teachloop.datasets.steps import Action, Observation
from teachloop.simulation.language import Task, phrasings
from teachloop.simulation.rollout import rollout
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.world import World
from teachloop.training.evaluation.results import wilson
from teachloop.training.grounded.agent import PolicyAgent
from teachloop.training.grounded.lora import load_policy
from teachloop.training.grounded.policy import GroundedPolicy
from teachloop.training.policies.base_names import DEFAULT

FIRST_SEED = 7_000_000  # far from what bases are made of
DARK = 20  # scenes in which it is tried on black images
NAMED = 0.95


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    base: str = DEFAULT
    """Name or folder of the base."""
    adapter: Path | None = None
    """Folder of an adapter of it; left out: the base alone."""
    scenes: int = 100
    """How many."""


@dataclass(frozen=True, slots=True)
class InTheDark:
    """An agent to whom every image is black."""

    agent: PolicyAgent

    def reset(self) -> None:
        self.agent.reset()

    def act(self, observation: Observation) -> Action:
        black = {name: np.zeros_like(image) for name, image in observation.images.items()}
        return self.agent.act(replace(observation, images=black))


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at in a scene."""

    named: tuple[bool, bool]  # whether each was found that was asked for
    untold: bool  # whether the first of them was, where nothing was said
    chance: float


def look_at(policy: GroundedPolicy, seed: int) -> Looked:
    """Two of a scene's objects, and nothing in particular."""
    scene = sample_scene(seed, verb="pick", split="novel" if seed % 2 else "base")
    rng = np.random.default_rng(seed)
    with World(scene) as world:
        names = [item.name for item in scene.objects]
        chosen = [names[n] for n in rng.permutation(len(names))[:2]]
        found = [looked_at(policy, world, phrasings(Task("pick", name))[0]) for name in chosen]
        untold = looked_at(policy, world, "") == chosen[0]
    hits = tuple(name == at for name, at in zip(chosen, found, strict=True))
    return Looked((hits[0], hits[1]), untold, 1 / len(names))


def succeeds_in_the_dark(policy: GroundedPolicy, seed: int) -> bool:
    scene = sample_scene(seed, verb="pick")
    with World(scene) as world:
        return rollout(world, InTheDark(PolicyAgent(policy, scene.instruction))).success


def measure(asked: Asked) -> Figures:
    """Shares of the scenes."""
    policy = load_policy(asked.base, asked.adapter)
    first = FIRST_SEED + 10_000 * (asked.seed - 1)
    count, dark = (10, 1) if asked.quick else (asked.scenes, DARK)
    looks = [look_at(policy, seed) for seed in range(first, first + count)]
    say(f"{sum(all(each.named) for each in looks)} of {count}: both")
    blind = [succeeds_in_the_dark(policy, seed) for seed in range(first, first + dark)]
    return {
        "base": asked.base,
        "scenes": count,
        "named": _share([hit for each in looks for hit in each.named]),
        "both_named": _share([all(each.named) for each in looks]),
        "untold": _share([each.untold for each in looks]),
        "untold_by_chance": float(np.mean([each.chance for each in looks])),
        "succeeded_in_the_dark": _share(blind),
    }


def _share(hits: Sequence[bool]) -> Figures:
    low, high = wilson(sum(hits), len(hits))
    return {
        "share": sum(hits) / len(hits), "low": round(low, 3), "high": round(high, 3),
        "of": len(hits),
    }  # fmt: skip


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Chance is within the interval of what is found untold, or above it."""
    least = 0.8 if asked.quick else NAMED
    above = figures["untold"]["low"] - figures["untold_by_chance"]
    return [
        Bar("named objects looked at first", figures["named"]["share"], least=least),
        Bar("found untold, beyond chance", above, most=0.0),
        Bar("success in the dark", figures["succeeded_in_the_dark"]["share"], most=0.0),
    ]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
