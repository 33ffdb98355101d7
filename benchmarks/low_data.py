"""What a number of takes teaches, and why the rest fails.

    python benchmarks/low_data.py [--quick] [--seed 1] [--json] [--seeds 7] [--takes 1 5 10 20 50]
                                  [--arms quick replay] [--verb push] [--folder DIR]

The task is the demo's, or another that the base has never seen. For each seed and each number of
takes an adapter learns from the first takes of that seed's, and is tried on a hundred layouts that
nobody saw. Each of the arms (``sittings/arms.py``) is a way to learn. *base* learns nothing;
*replay* trains nothing: it moves the nearest take to where the object is, and is what an adapter is
compared with. Why a roll-out failed is told by the simulator's truth. With --folder, a run that was
stopped goes on where it was; a cell of twenty takes is four minutes on two cores.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import torch
from frame import Bar, Figures, kept_rows, run, say
from sittings.adapters import Learning
from sittings.arms import ARMS
from sittings.failures import KINDS, Tried, kind_of
from sittings.options import SittingOptions
from sittings.recording import SPLIT, VERB, demonstrated, first_good

from teachloop.app.demo.plan import FIRST_UNSEEN, SEEDS_A_DEMO
from teachloop.runtime.json_file import read_json, write_json
from teachloop.runtime.processes.pool import WorkerPool
from teachloop.simulation.language import NovelVerb
from teachloop.simulation.rollout import rollout
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.views import USUAL
from teachloop.simulation.world import World
from teachloop.training.evaluation.results import wilson
from teachloop.training.policies.base_names import DEFAULT
from teachloop.training.policies.interface import AgentFor
from teachloop.training.policies.registry import open_policy

TRIES = 3  # layouts for each take that is wanted
MEAN = {20: 0.9, 50: 0.95}  # of all seeds, at these numbers of takes
WORST = {20: 0.8}  # of any seed
OTHERS = {20: 0.8}  # of all seeds, of other verbs than the demo's
UNTAUGHT = 0.05  # at most, of the base
BASE, QUICK = "base", "quick"  # the arm without an adapter, and the one that is judged


@dataclass(frozen=True, kw_only=True)
class Asked(SittingOptions):
    """``seed`` is the first one."""

    seeds: int = 7
    """How many seeds, from ``seed`` on."""
    takes: tuple[int, ...] = (1, 5, 10, 20, 50)
    """How many takes are learned from."""
    arms: tuple[Literal[tuple(ARMS)], ...] = ("quick", "replay")  # type: ignore[valid-type]
    """How they are learned from."""
    verb: NovelVerb = "push"
    """What is to be learned."""
    rollouts: int = 100
    """Unseen layouts to try each adapter on."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One seed, one number of its takes, and one way to learn from them."""

    data: Path
    seed: int
    takes: int
    arm: str
    asked: Asked

    @property
    def name(self) -> str:
        return f"{self.arm}-{self.takes}" if self.takes else self.arm

    def run(self) -> list[Tried]:
        """Each roll-out of the adapter that learned from them."""
        tried = list(self._tried(self._adapter() if self.arm != BASE else None))
        say(f"seed {self.seed}, {self.name}: {_successes(tried)} of {len(tried)}")
        return tried

    def _adapter(self) -> Path:
        learning = Learning(self.data, self.asked.processes)
        return learning.adapter(self.name, self._recorded(), **ARMS[self.arm])

    def _recorded(self) -> tuple[str, ...]:
        """The first takes of the seed in which the expert succeeds."""
        layouts = self._layouts(0, TRIES * self.takes)
        record = partial(demonstrated, USUAL, verb=self.asked.verb)
        return first_good(self.data, layouts, self.takes, self.asked.processes, record)

    def _tried(self, adapter: Path | None) -> Iterator[Tried]:
        path = self.data / f"{self.name}.json"
        done = read_json(path) if path.exists() else {}
        every = self._layouts(FIRST_UNSEEN, self.asked.rollouts)
        left = [layout for layout in every if str(layout) not in done]
        verb = self.asked.verb
        with WorkerPool(self.asked.processes, "trying an adapter") as pool:
            begun = [pool.submit(attempt, adapter, layout, verb) for layout in left]
            for each in pool.results(begun):
                done[str(each.layout)] = asdict(each)
                write_json(path, done)
        yield from (Tried(**done[str(layout)]) for layout in every)

    def _layouts(self, begin: int, count: int) -> range:
        first = self.seed * SEEDS_A_DEMO + begin
        return range(first, first + count)


def attempt(adapter: Path | None, layout: int, verb: NovelVerb) -> Tried:
    """One layout, to its success or the end of its time."""
    torch.set_num_threads(1)
    scene = sample_scene(layout, verb=verb, split=SPLIT)
    agent = _policy(adapter)(scene.instruction)
    with World(scene, agent.cameras or USUAL) as world:
        start = world.object_poses()
        outcome = rollout(world, agent)
        failure = "" if outcome.success else kind_of(scene, start, world.object_poses())
    return Tried(layout, failure, outcome.failure_reason)


@cache
def _policy(adapter: Path | None) -> AgentFor:
    return open_policy(DEFAULT, adapter)


def _successes(tried: Sequence[Tried]) -> int:
    return sum(not each.failure for each in tried)


def row(cells: Sequence[Sequence[Tried]], asked: Asked) -> Figures:
    """All seeds with one number of takes."""
    every = [each for cell in cells for each in cell]
    low, high = wilson(_successes(every), len(every))
    counted = Counter(each.failure for each in every)
    return {
        "success": round(_successes(every) / len(every), 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "layouts_each": asked.rollouts,
        "first_seed": asked.seed,
        "seeds": [_successes(cell) / len(cell) for cell in cells],
        "failures": {kind: counted[kind] for kind in KINDS if counted[kind]},
    }


def measure(asked: Asked) -> Figures:
    """A row for each verb, arm and number of takes; those of other runs stay in the result."""
    if asked.quick:
        asked = replace(asked, seeds=1, takes=(1,), arms=("tiny", "replay"), rollouts=2)
    with TemporaryDirectory() as place:
        folder = asked.folder or Path(place)
        seeds = range(asked.seed, asked.seed + asked.seeds)
        rows = {} if asked.quick else kept_rows("low_data", "verbs")
        for arm in asked.arms:
            for takes in asked.takes if arm != BASE else (0,):
                at = folder / asked.verb
                cells = [Cell(at / f"seed-{s}", s, takes, arm, asked).run() for s in seeds]
                arms = rows.setdefault(asked.verb, {}).setdefault(arm, {})
                arms[str(takes)] = row(cells, asked)
    return {"verbs": rows}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Of what was asked for; a quick run teaches nothing."""
    if asked.quick:
        return []
    arms, pushes = figures["verbs"][asked.verb], asked.verb == VERB
    mean, worst = (MEAN, WORST) if pushes else (OTHERS, {})
    judged = []
    if BASE in asked.arms:
        judged.append(Bar("success of the base", arms[BASE]["0"]["success"], most=UNTAUGHT))
    for takes in asked.takes:
        if QUICK in asked.arms and takes in mean:
            found = arms[QUICK][str(takes)]["success"]
            judged.append(Bar(f"success after {takes} takes", found, least=mean[takes]))
        if QUICK in asked.arms and takes in worst:
            found = min(arms[QUICK][str(takes)]["seeds"])
            judged.append(Bar(f"worst seed after {takes} takes", found, least=worst[takes]))
    return judged


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
