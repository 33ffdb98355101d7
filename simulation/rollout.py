"""Runs an agent in a world until the task is done, the agent is, or time is up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ..datasets.steps import Action, Observation
from .world import World

MAX_TICKS = 240  # 12 s


class Agent(Protocol):
    """Whoever decides the next action; ``done``, where it has one, ends the rollout."""

    def reset(self) -> None: ...

    def act(self, observation: Observation) -> Action: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a rollout ended."""

    success: bool
    ticks: int
    failure_reason: str  # what was missing; empty on success


def rollout(
    world: World,
    agent: Agent,
    max_ticks: int = MAX_TICKS,
    *,
    images: bool = True,
    on_tick: Callable[[Observation, Action], None] | None = None,
) -> Outcome:
    """Let the agent act until success, its end, or ``max_ticks``.

    An agent with ``done`` (the expert) is let finish, and then judged; others are stopped at
    the first success. Drawing is spared with ``images=False``, and at every tick before
    which the agent's ``looks``, where it has one, is False.
    """
    agent.reset()
    for _ in range(max_ticks):
        observation = world.observe(images and getattr(agent, "looks", True))
        action = agent.act(observation)
        if on_tick:
            on_tick(observation, action)
        world.apply(action)
        if getattr(agent, "done", world.success()):
            break
    return Outcome(success=world.success(), ticks=world.ticks, failure_reason=world.failure_reason)
