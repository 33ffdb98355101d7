"""What a policy looks at first."""

from dataclasses import dataclass

import numpy as np
import torch
from frame import Options

from teachloop.simulation.world import World
from teachloop.training.grounded.agent import PolicyAgent
from teachloop.training.grounded.grounding import grid_centres
from teachloop.training.grounded.policy import GroundedPolicy
from teachloop.training.policies.base_names import DEFAULT

SIZE = 256


@dataclass(frozen=True, kw_only=True)
class LookingOptions(Options):
    """Which base looks, and at how many layouts."""

    base: str = DEFAULT
    """Name or folder of the base."""
    layouts: int = 200
    """How many layouts."""


def looked_at(policy: GroundedPolicy, world: World, instruction: str) -> str:
    """The object nearest to where it looks at first in the front camera."""
    agent = PolicyAgent(policy, instruction)
    agent.chunk(world.observe())
    attention = torch.from_numpy(agent.attention["front"])
    point = attention.flatten() @ grid_centres(len(attention)) / attention.sum()
    x, y = (point * SIZE).tolist()
    masks = world.instance_masks("front", SIZE, SIZE)
    return min(world.object_poses(), key=lambda name: _distance(masks[name], x, y))


def _distance(mask: np.ndarray, x: float, y: float) -> float:
    rows, columns = np.nonzero(mask)
    return float(np.hypot(columns - x, rows - y).min()) if len(rows) else np.inf
