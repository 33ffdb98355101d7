"""Where a policy computes: on a GPU that does it right, or else on the processor."""

import logging

import torch
from torch import Tensor

from ...runtime.errors import TeachloopError
from .policy import GroundedPolicy, RobotContext

logger = logging.getLogger(__name__)
NEAR = 0.05  # of normalised actions, between what two devices answer


class NoSuchDevice(TeachloopError):
    def __init__(self, asked: str, reason: str) -> None:
        super().__init__(
            f"This machine cannot compute on {asked}: {reason} Leave `device` empty for the "
            "fastest on which it can."
        )


def settle(policy: GroundedPolicy, asked: str = "") -> GroundedPolicy:
    """Move a policy, in place, to the fastest device on which it answers as on the processor: a GPU
    may be there and be too old, or its driver, for what torch was built for.

    Raises NoSuchDevice where one is asked for that does not.
    """
    wanted = asked or _fastest()
    if reason := _refusal(policy, wanted):
        policy.to("cpu")
        if asked:
            raise NoSuchDevice(asked, reason)
        logger.warning("The processor computes, and not %s: %s", wanted, reason)
    return policy


def device_words(device: torch.device) -> str:
    """What a person calls it."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return {"cpu": "the processor", "mps": "Apple's GPU"}.get(device.type, device.type)


def _fastest() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _refusal(policy: GroundedPolicy, device: str) -> str:
    """Why the policy, which is there afterwards, cannot compute on a device; "": it can."""
    if device == policy.device.type:
        return ""
    here = answer(policy)
    try:
        there = answer(policy.to(device)).cpu()
    except (RuntimeError, AssertionError) as error:  # the latter, where torch was built without it
        return f"{str(error).splitlines()[0].rstrip('.')}."
    off = float((there - here).abs().max())
    return "" if off <= NEAR else f"its answers are off by {off:.2g}."


@torch.no_grad()
def answer(policy: GroundedPolicy) -> Tensor:
    """Normalised actions (1, chunk, …) where every camera sees the same grey."""
    layout, config = policy.layout, policy.policy_config
    cameras, side = len(layout.cameras), config.image_size
    queries, device = len(config.queries), policy.device
    words = policy.words(["look"])
    pixels = torch.zeros(1, cameras, 3, side, side, device=device)
    now = RobotContext(
        torch.zeros(1, 9 + layout.gripper, device=device),
        torch.ones(1, cameras, 3, device=device),
        -torch.ones(1, cameras, 3, 3, device=device),
        torch.zeros(1, queries, 3, device=device),
        torch.zeros(1, queries, device=device),
    )
    features = policy.features(pixels, words.sentence, now.origin, now.direction)
    return policy.act(features, words, now)
