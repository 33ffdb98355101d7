"""Trying a policy on many layouts of the simulator, several at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import torch

from ...runtime.processes.pool import WorkerPool, nothing
from ...simulation.rollout import rollout
from ...simulation.sampling import sample_scene
from ...simulation.views import USUAL
from ...simulation.world import World
from ..policies.interface import AgentFor
from ..policies.registry import open_policy
from .layouts import SceneSet
from .results import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySpec:
    """Which policy is tried: a base, or an adapter on it."""

    base: str
    adapter: Path | None = None


def roll_out_in_simulation(scenes: SceneSet, seed: int, agent_for: AgentFor) -> Trial:
    """One layout from its start to its success, or to the end of its time."""
    drawn = sample_scene(seed, verb=scenes.verb, split=scenes.split)
    scene = replace(drawn, robot=scenes.robot)
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
    look_up: Callable[[], None] = nothing,
) -> Iterator[Trial]:
    """Each trial as it ends, in no order. Closing the iterator ends the rest at once, and so
    does `look_up`, called every half second, by raising.

    Raises WorkerDied when one of the processes is killed, and what loading a policy raises.
    """
    task, prepare = "rolling the policy out", partial(_prepare, spec, scenes)
    with WorkerPool(processes, task, prepare) as pool:
        yield from pool.results([pool.submit(_try, seed) for seed in seeds], look_up)


_policy_spec: PolicySpec
_scenes: SceneSet


def _prepare(spec: PolicySpec, scenes: SceneSet) -> None:
    global _policy_spec, _scenes
    torch.set_num_threads(1)
    _policy_spec, _scenes = spec, scenes


def _try(seed: int) -> Trial:
    return roll_out_in_simulation(_scenes, seed, _agent_for())


@cache
def _agent_for() -> AgentFor:
    """Opened by the first trial, whose errors reach the caller; those of `_prepare` would not."""
    return open_policy(_policy_spec.base, _policy_spec.adapter)
