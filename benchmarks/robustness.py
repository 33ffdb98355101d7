"""What an adapter of twenty takes still does when the camera was pushed, the light or the table is
another than in all of its takes.

    python benchmarks/robustness.py [--quick] [--seed 1] [--json] [--seeds 3] [--folder DIR]

The task is the demo's. Each seed's adapter is tried on the same unseen layouts, first as the takes
were, then with one thing changed: the fixed camera 2 or 5 cm aside, turned by 2 or 5 degrees, or
both, with a calibration that knows of it and with the old one; half of the light, nearly twice as
much, light from the operator's side; a green and a black table, of which no take and no picture of
the base had one. Nothing is a bar here: it tells after what to calibrate again. With --folder, a
run that was stopped goes on where it was.
"""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch
from frame import Bar, Figures, run, say
from sittings.adapters import Learning
from sittings.options import SittingOptions
from sittings.pooling import pooled
from sittings.recording import SPLIT, VERB, demonstrated, first_good

from teachloop.app.demo.plan import FIRST_UNSEEN, SEEDS_A_DEMO
from teachloop.datasets.steps import Action, Observation
from teachloop.geometry.camera import Camera
from teachloop.runtime.json_file import read_json, write_json
from teachloop.runtime.processes.pool import WorkerPool
from teachloop.simulation.rollout import Agent, rollout
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.scenes import Look
from teachloop.simulation.views import USUAL, VIEWS
from teachloop.simulation.world import World
from teachloop.training.policies.base_names import DEFAULT
from teachloop.training.policies.interface import AgentFor
from teachloop.training.policies.registry import open_policy

TRIES = 3  # layouts for each take that is wanted
ASIDE = np.array([0.0, 1.0, 0.0])  # of the base frame: the front camera looks along x
GREEN, BLACK = (0.12, 0.42, 0.2), (0.06, 0.06, 0.07)
Change = Callable[[Look], Look]


def _camera(aside_m: float = 0.0, turned_deg: float = 0.0) -> Change:
    """The fixed camera pushed aside, and turned about the vertical."""
    front = VIEWS["front"]
    reach_m = math.dist(front.position_m[:2], front.looks_at_m[:2])
    moved = aside_m * ASIDE
    turned = moved + math.tan(math.radians(turned_deg)) * reach_m * ASIDE

    def change(look: Look) -> Look:
        return replace(
            look,
            front_position_jitter_m=_added(look.front_position_jitter_m, moved),
            front_target_jitter_m=_added(look.front_target_jitter_m, turned),
        )

    return change


def _added(jitter: tuple[float, ...], moved: np.ndarray) -> tuple[float, ...]:
    return tuple(float(value) for value in np.add(jitter, moved))


def _light(times: float) -> Change:
    return lambda look: replace(look, light=look.light * times, ambient=look.ambient * times)


def _from_behind(look: Look) -> Look:
    ahead, aside, down = look.light_direction
    return replace(look, light_direction=(-ahead, aside, down))


def _table(colour: tuple[float, float, float]) -> Change:
    return lambda look: replace(look, table="plain", table_rgb=colour, table_accent_rgb=colour)


MOVED = {
    "2 cm": _camera(aside_m=0.02),
    "5 cm": _camera(aside_m=0.05),
    "2 degrees": _camera(turned_deg=2),
    "5 degrees": _camera(turned_deg=5),
    "5 cm and 5 degrees": _camera(aside_m=0.05, turned_deg=5),
}
KNOWN = "camera {}, calibrated anew"
UNKNOWN = "camera {}, old calibration"
CHANGES: dict[str, Change] = {
    "as taken": lambda look: look,
    **{KNOWN.format(name): change for name, change in MOVED.items()},
    **{UNKNOWN.format(name): change for name, change in MOVED.items()},
    "half of the light": _light(0.5),
    "1.8 times the light": _light(1.8),
    "light from the other side": _from_behind,
    "green table": _table(GREEN),
    "black table": _table(BLACK),
}
QUICK = ("as taken", UNKNOWN.format("5 cm"), "green table")
STALE = {UNKNOWN.format(name) for name in MOVED}  # in which nobody told the policy


@dataclass(frozen=True, slots=True)
class Sitting:
    """One seed's takes, adapter and trials, below a folder."""

    data: Path
    seed: int
    asked: SittingOptions

    def run(self) -> dict[str, float]:
        """Success under each change."""
        learning = Learning(self.data, self.asked.processes, self._preset)
        adapter = learning.adapter(f"{self._preset}-{self.asked.episodes}", self._takes())
        return {name: self._success(adapter, name) for name in changes(self.asked)}

    @property
    def _preset(self) -> str:
        return "tiny" if self.asked.quick else "quick"

    def _takes(self) -> tuple[str, ...]:
        """The first takes of the seed in which the expert succeeds."""
        first, wanted = self.seed * SEEDS_A_DEMO, self.asked.episodes
        layouts, record = range(first, first + TRIES * wanted), partial(demonstrated, USUAL)
        return first_good(self.data, layouts, wanted, self.asked.processes, record)

    def _success(self, adapter: Path, change: str) -> float:
        path = self.data / f"robustness-{change.replace(' ', '-')}.json"
        done: dict[str, bool] = read_json(path) if path.exists() else {}
        first = self.seed * SEEDS_A_DEMO + FIRST_UNSEEN
        layouts = range(first, first + self.asked.rollouts)
        left = [layout for layout in layouts if str(layout) not in done]
        with WorkerPool(self.asked.processes, "trying an adapter") as pool:
            begun = [pool.submit(attempt, adapter, change, layout) for layout in left]
            for layout, success in pool.results(begun):
                done[str(layout)] = success
                write_json(path, done)
        share = sum(done[str(layout)] for layout in layouts) / len(layouts)
        say(f"seed {self.seed}, {change}: {share:.2f}")
        return share


def attempt(adapter: Path, change: str, layout: int) -> tuple[int, bool]:
    """The layout, and whether the adapter succeeded there under a change."""
    torch.set_num_threads(1)
    usual = sample_scene(layout, verb=VERB, split=SPLIT)
    scene = replace(usual, look=CHANGES[change](usual.look))
    agent = _policy(adapter)(scene.instruction)
    with World(usual, USUAL) as before:
        old = before.observe(images=False).cameras
    with World(scene, USUAL) as world:
        done = rollout(world, Untold(agent, old) if change in STALE else agent)
    return layout, done.success


@dataclass(frozen=True, slots=True)
class Untold:
    """An agent that takes the fixed cameras to be where they were."""

    agent: Agent
    old: Mapping[str, Camera]

    @property
    def looks(self) -> bool:
        return getattr(self.agent, "looks", True)

    def reset(self) -> None:
        self.agent.reset()

    def act(self, observation: Observation) -> Action:
        """Of an observation whose calibration is old."""
        fixed = {name: each for name, each in self.old.items() if each.mount == "base"}
        return self.agent.act(replace(observation, cameras={**observation.cameras, **fixed}))


@cache
def _policy(adapter: Path) -> AgentFor:
    return open_policy(DEFAULT, adapter)


def measure(asked: SittingOptions) -> Figures:
    """Each seed's success under each change, and that of all together."""
    if asked.quick:
        asked = replace(asked, seeds=1, episodes=1, rollouts=1)
    return pooled(asked, changes(asked), lambda data, seed: Sitting(data, seed, asked).run())


def changes(asked: SittingOptions) -> Sequence[str]:
    """What is changed."""
    return QUICK if asked.quick else list(CHANGES)


def bars(figures: Figures, asked: SittingOptions) -> list[Bar]:
    """None: what is told is told."""
    return []


if __name__ == "__main__":
    sys.exit(run(measure, bars, SittingOptions))
