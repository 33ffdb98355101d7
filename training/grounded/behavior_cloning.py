"""Behaviour cloning of the action head on cached features."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..data.learned_runs import draw
from ..data.samples import Samples
from ..objectives.losses import cloning_loss
from ..objectives.weighted import Weighted, weighted
from .decoding import SECOND, Draft
from .feature_cache import Cached
from .head import ActionHead
from .policy import GroundedPolicy
from .state_augmentation import Demonstrated, before_grasps, empty_handed, off_path

EMA = 0.998
READER = 5.0  # how much faster the reader learns
AVERAGE = "average"  # of the head, in a state that is put down


def action_scale(samples: Samples) -> Tensor:
    """Mean absolute offset of each chunk step and dimension, at least 2 mm or 0.01 rad."""
    least = torch.tensor([0.002] * 3 + [0.01] * 3)
    return torch.from_numpy(np.abs(samples.offsets).mean(0)).maximum(least)


class Cloning:
    """Trains the head by the objectives, each with its weight. What it has come to can be put down
    after any step, and taken up again: each step draws from its own seed."""

    def __init__(
        self,
        policy: GroundedPolicy,
        samples: Samples,
        cached: Sequence[Cached],
        objectives: Mapping[str, float],
        steps: int,
        batch: int,
        rate: float,
        seed: int,
    ) -> None:
        self.policy, self.samples, self.cached = policy, samples, cached
        self.objectives, self.batch, self.seed = objectives, batch, seed
        self.steps, self.done = steps, 0
        self.optimizer = torch.optim.AdamW(rates(policy.head, rate), weight_decay=0.01)
        highest = [group["lr"] for group in self.optimizer.param_groups]
        schedule = torch.optim.lr_scheduler.OneCycleLR
        self.schedule = schedule(self.optimizer, highest, steps, pct_start=0.1)
        self.average = copy.deepcopy(policy.head)
        self.reaching = before_grasps(samples)

    def run(self, on_step: Callable[[int, Weighted], None]) -> None:
        """All steps, or those that are left. At the end the head holds the average of its weights
        (EMA)."""
        self.policy.train()
        while self.done < self.steps:
            losses = self._step(self.done)
            self.done += 1
            on_step(self.done - 1, losses)
        self.policy.head.load_state_dict(self.average.state_dict())

    def _step(self, step: int) -> Weighted:
        rng = np.random.default_rng([self.seed, step])
        torch.manual_seed(self.seed * 1_000_003 + step)
        view = self.cached[int(rng.integers(len(self.cached)))]
        rows = draw(rng, self.samples.weight, self.batch)
        batch = off_path(self.policy, self.samples, view, rows)
        batch = empty_handed(batch, self.reaching[rows])
        losses = weighted(batch, self.objectives)
        self.optimizer.zero_grad()
        losses.total.backward()
        torch.nn.utils.clip_grad_norm_(self.policy.head.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        _follow(self.average, self.policy.head, min(EMA, (1 + step) / (10 + step)))
        return losses

    def state(self) -> dict[str, Any]:
        """All but the policy's own weights."""
        return {
            "step": self.done,
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            AVERAGE: self.average.state_dict(),
        }

    def go_on(self, state: Mapping[str, Any]) -> None:
        """Take up what ``state`` gave; the policy has its weights of then."""
        self.done = int(state["step"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.average.load_state_dict(state[AVERAGE])


def rates(head: ActionHead, rate: float) -> list[dict[str, list[torch.nn.Parameter] | float]]:
    """Parameter groups in which the reader learns READER times faster than the rest.

    What the instruction says must be found before twenty runs are known by heart: whoever
    learns the run from the looks of it, first, has no use for words any more.
    """
    reader = list(head.read.parameters())
    own = {id(parameter) for parameter in reader}
    rest = [parameter for parameter in head.parameters() if id(parameter) not in own]
    return [{"params": rest, "lr": rate}, {"params": reader, "lr": READER * rate}]


def cloning(batch: Demonstrated) -> Tensor:
    """How far the head's actions are from the demonstrated ones (L1)."""
    return _off(batch, torch.abs)


def cloning_l2(batch: Demonstrated) -> Tensor:
    """The same, squared."""
    return _off(batch, torch.square)


def cloning_two_step(batch: Demonstrated) -> Tensor:
    """Squared, of what the head says without a draft, and of what it says of the demonstrated
    actions with a little noise in them (Pan et al. 2025, Much Ado About Noising)."""
    blank = batch.blank()
    late = torch.full_like(blank.time, SECOND)
    return _off(batch, torch.square, blank) + _off(batch, torch.square, batch.noisy(late))


def cloning_flow(batch: Demonstrated) -> Tensor:
    """Squared, of what the head says of the demonstrated actions with any share of noise in them
    (flow matching, Lipman et al. 2023, by where the flow ends: at each time it is least where the
    velocity's error is)."""
    time = torch.rand_like(batch.blank().time)
    return _off(batch, torch.square, batch.noisy(time))


def _off(
    batch: Demonstrated, error: Callable[[Tensor], Tensor], draft: Draft | None = None
) -> Tensor:
    actions = batch.policy.proposing(batch.features, batch.words, batch.now)(draft)
    scale = batch.policy.action_scale
    return cloning_loss(actions, batch.offsets, batch.grippers, scale, error)


@torch.no_grad()
def _follow(average: torch.nn.Module, current: torch.nn.Module, keep: float) -> None:
    for slow, fast in zip(average.parameters(), current.parameters(), strict=True):
        slow.lerp_(fast, 1 - keep)
