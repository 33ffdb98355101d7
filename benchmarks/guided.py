"""Whether takes in which a person leads the arm by the hand, once, teach as well as scripted ones.

    python benchmarks/guided.py [--quick] [--seed 1] [--json] [--seeds 3] [--folder DIR]

For each seed the demo's task is shown twenty times: by the scripted expert, which the arm follows,
and by a hand that pulls the arm softly along the expert's way while no motor holds it. Of the
latter, what is written down is where the arm was. Both adapters are tried on the same layouts that
nobody saw. Takes about fifteen minutes a seed on two cores. With --folder, a run that was stopped
goes on where it was.

The arm is the simulated one, in lock step. What an FCI's network and clock add is not in here.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from frame import Bar, Figures, run, say
from sittings.adapters import Learning
from sittings.options import SittingOptions
from sittings.pooling import pooled
from sittings.recording import demonstrated, first_good, recorded

from teachloop.app.demo.plan import FIRST_UNSEEN, SEEDS_A_DEMO
from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.rollout import Agent
from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.views import USUAL
from teachloop.simulation.world import World

TRIES = 3  # layouts for each take that is wanted
WITHIN = 0.1


@dataclass(frozen=True, kw_only=True)
class Asked(SittingOptions):
    """``seed`` is the first one."""

    rollouts: int = 100
    """Unseen layouts to try each adapter on."""


@dataclass(frozen=True, slots=True)
class Led:
    """A hand that leads the arm along the expert's way."""

    expert: ScriptedExpert

    @property
    def done(self) -> bool:
        return self.expert.done

    def reset(self) -> None:
        self.expert.reset()

    def act(self, observation: Observation) -> Action:
        return replace(self.expert.act(observation), decided_by=Decider.GUIDED)


def led(folder: Path, layout: int) -> bool:
    """Record a layout by the hand, unless that was done, and label it; whether it succeeded."""

    def hand(scene: SceneSpec, world: World) -> Agent:
        return Led(ScriptedExpert(scene, world.object_poses, layout))

    return recorded(folder, layout, USUAL, hand)


WAYS: dict[str, Callable[[Path, int], bool]] = {
    "scripted": partial(demonstrated, USUAL),
    "guided": led,
}


def sitting(folder: Path, seed: int, asked: Asked) -> dict[str, float]:
    """Success of the adapter of each way of showing."""
    return {way: success(folder / way, way, seed, asked) for way in WAYS}


def success(data: Path, way: str, seed: int, asked: Asked) -> float:
    first, wanted = seed * SEEDS_A_DEMO, asked.episodes
    layouts = range(first, first + TRIES * wanted)
    takes = first_good(data, layouts, wanted, asked.processes, WAYS[way])
    say(f"seed {seed}: {len(takes)} {way} takes")
    learning = Learning(data, asked.processes, "tiny" if asked.quick else "quick")
    adapter = learning.adapter(way, takes)
    return learning.success(way, adapter, first + FIRST_UNSEEN, asked.rollouts)


def measure(asked: Asked) -> Figures:
    """Each seed's success, and that of all together."""
    if asked.quick:
        asked = replace(asked, seeds=1, episodes=1, rollouts=1)
    return pooled(asked, list(WAYS), lambda folder, seed: sitting(folder, seed, asked))


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """A quick run teaches nothing."""
    if asked.quick:
        return []
    success = figures["success"]
    return [
        Bar("guided takes less scripted ones", success["guided"] - success["scripted"], -WITHIN)
    ]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
