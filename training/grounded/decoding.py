"""How a chunk comes out of the action head: at once, in two steps, or along a flow.

The head always says what to do; what differs is the draft of it that it is shown. Drafts are
normalised actions (n, chunk, arm + 1), mixed with noise: ``time`` of 0 is noise alone, of 1 the
actions. Their last number is 1 for an open and -1 for a closed gripper, where there is one.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from ..objectives.interface import Decoding

SECOND = 0.9  # time of the second of two steps
FLOW_STEPS = 10
NOISE_SEED = 0  # a run keeps to one way, where there are several
WAVES = 4  # by which the head is told the time


class Draft(NamedTuple):
    """n drafts of a chunk."""

    actions: Tensor  # (n, chunk, arm + 1)
    time: Tensor  # (n,)

    @classmethod
    def blank(cls, actions: Tensor) -> "Draft":
        """Of the same shape: nothing is known."""
        return cls(torch.zeros_like(actions), actions.new_zeros(len(actions)))

    @classmethod
    def mixed(cls, actions: Tensor, noise: Tensor, time: Tensor) -> "Draft":
        """So much of the actions as there is of the time, and noise for the rest."""
        share = time[:, None, None]
        return cls(share * actions + (1 - share) * noise, time)

    def numbers(self) -> Tensor:
        """For the head (n, chunk · (arm + 1) + 2 · WAVES)."""
        waves = self.time[:, None] * torch.pi * torch.arange(1, WAVES + 1).to(self.time)
        return torch.cat([self.actions.flatten(1), waves.sin(), waves.cos()], 1)


Proposes = Callable[[Draft | None], Tensor]
"""The head: a draft, or none, to normalised actions (n, chunk, arm + 1), the last a logit."""


def decode(decoding: Decoding, proposes: Proposes, blank: Draft, gripper: bool) -> Tensor:
    """The chunk, as the head says it last. ``blank`` has the shape of its drafts."""
    return DECODERS[decoding](proposes, blank, gripper)


def settled(actions: Tensor, gripper: bool) -> Tensor:
    """What the head says, as it stands in a draft."""
    if not gripper:
        return actions
    return torch.cat([actions[..., :-1], (actions[..., -1:] / 2).tanh()], -1)


def _regression(proposes: Proposes, blank: Draft, gripper: bool) -> Tensor:
    return proposes(None)


def _two_step(proposes: Proposes, blank: Draft, gripper: bool) -> Tensor:
    """Once without a draft, once with the first answer as one (Pan et al. 2025, Much Ado About
    Noising)."""
    first = settled(proposes(blank), gripper)
    time = torch.full_like(blank.time, SECOND)
    return proposes(Draft.mixed(first, torch.zeros_like(first), time))


def _flow(proposes: Proposes, blank: Draft, gripper: bool) -> Tensor:
    """From noise to the actions by Euler's method, always from the same noise (Lipman et al. 2023;
    the head says where the flow ends, not its velocity)."""
    generator = torch.Generator().manual_seed(NOISE_SEED)
    noise = torch.randn(blank.actions.shape[1:], generator=generator)
    draft = Draft(noise.to(blank.actions).expand_as(blank.actions), blank.time)
    said = draft.actions
    for step in range(FLOW_STEPS):
        said = proposes(draft)
        share = 1 / (FLOW_STEPS - step)
        moved = draft.actions + share * (settled(said, gripper) - draft.actions)
        draft = Draft(moved, torch.full_like(draft.time, (step + 1) / FLOW_STEPS))
    return said


DECODERS: dict[Decoding, Callable[[Proposes, Draft, bool], Tensor]] = {
    "regression": _regression,
    "two_step": _two_step,
    "flow": _flow,
}
