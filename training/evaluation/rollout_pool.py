"""Trying a policy on many layouts of the simulator, several at once."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch

from ...runtime.errors import TeachloopError
from ...runtime.processes.exit_with_parent import end_with_parent
from ...simulation.rollout import rollout
from ...simulation.sampling import sample_scene
from ...simulation.scenes import Split
from ...simulation.tasks import Verb
from ...simulation.views import USUAL
from ...simulation.world import World
from ..policies.registry import AgentFor, open_policy
from .results import Trial

LOOK_UP_S = 0.5


class TrialsDied(TeachloopError):
    def __init__(self) -> None:
        super().__init__(
            "A process that rolled the policy out was ended from outside, perhaps for want of "
            "memory. Try again with less running beside it."
        )


class NoScenes(TeachloopError):
    def __init__(self, count: int) -> None:
        super().__init__(f"{count} rollouts tell nothing. Try 1 or more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneSet:
    """Which scenes to try: the same for every policy that is compared. Raises NoScenes."""

    verb: Verb
    split: Split
    first_seed: int
    count: int

    def __post_init__(self) -> None:
        if self.count < 1:
            raise NoScenes(self.count)

    @property
    def seeds(self) -> range:
        return range(self.first_seed, self.first_seed + self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySpec:
    """Which policy is tried: a base, or an adapter on it."""

    base: str
    adapter: Path | None = None


def roll_out_in_simulation(scenes: SceneSet, seed: int, agent_for: AgentFor) -> Trial:
    """One layout from its start to its success, or to the end of its time."""
    scene = sample_scene(seed, verb=scenes.verb, split=scenes.split)
    agent = agent_for(scene.instruction)
    with World(scene, agent.cameras or USUAL) as world:
        outcome = rollout(world, agent)
    return Trial(
        seed=seed,
        instruction=scene.instruction,
        success=outcome.success,
        ticks=outcome.ticks,
        reason=outcome.failure_reason,
    )


def run_trials(
    spec: PolicySpec,
    scenes: SceneSet,
    seeds: Sequence[int],
    processes: int,
    look_up: Callable[[], None] = lambda: None,
) -> Iterator[Trial]:
    """Each trial as it ends, in no order. Closing the iterator ends the rest at once, and so
    does `look_up`, called every half second, by raising.

    Raises TrialsDied when one of the processes is killed, and what loading a policy raises.
    """
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(processes, context, _begin, (spec, scenes, os.getpid()))
    try:
        waiting: set[Future[Trial]] = {executor.submit(_try, seed) for seed in seeds}
        while waiting:
            done, waiting = wait(waiting, LOOK_UP_S, return_when=FIRST_COMPLETED)
            look_up()
            yield from (future.result() for future in done)
    except BrokenProcessPool as error:
        raise TrialsDied from error
    finally:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()  # not waiting for rollouts that nobody wants any more
        executor.shutdown(cancel_futures=True)


_policy_spec: PolicySpec
_scenes: SceneSet


def _begin(spec: PolicySpec, scenes: SceneSet, parent: int) -> None:
    global _policy_spec, _scenes
    torch.set_num_threads(1)
    end_with_parent(parent)
    _policy_spec, _scenes = spec, scenes


def _try(seed: int) -> Trial:
    return roll_out_in_simulation(_scenes, seed, _agent_for())


@cache
def _agent_for() -> AgentFor:
    """Opened by the first trial, whose errors reach the caller; those of `_begin` would not."""
    return open_policy(_policy_spec.base, _policy_spec.adapter)
