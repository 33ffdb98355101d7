"""Every family of policies behind one door: a base and an adapter become agents."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..datasets.steps import Action, Observation
from .agent import PolicyAgent
from .base_names import is_openvla
from .lora import load_policy


class ChunkAgent(Protocol):
    """An agent that plans some ticks ahead."""

    @property
    def execute(self) -> int:
        """Ticks of a chunk that are carried out before the next one."""
        ...

    @property
    def attention(self) -> Mapping[str, NDArray[np.float32]]:
        """Camera to (rows, columns): where the last chunk looked; may be empty."""
        ...

    @property
    def looks(self) -> bool:
        """Whether the next action takes a look."""
        ...

    def reset(self) -> None:
        """A new run begins."""
        ...

    def act(self, observation: Observation) -> Action:
        """The next action."""
        ...

    def chunk(self, observation: Observation) -> list[Action]:
        """The whole plan from here, a target for each tick."""
        ...


AgentFor = Callable[[str], ChunkAgent]
"""Makes the agent that follows an instruction."""


def open_policy(base: str, adapter: Path | None = None) -> AgentFor:
    """Load a policy; it makes agents, one at a time.

    Raises TeachloopError on a base or adapter that cannot be used.
    """
    if is_openvla(base):
        return _openvla(base, adapter)
    policy = load_policy(base, adapter)
    return lambda instruction: PolicyAgent(policy, instruction)


def _openvla(base: str, adapter: Path | None) -> AgentFor:
    # Seconds of imports that the small policy does not need.
    from .openvla.adapters import load_openvla_policy
    from .openvla.agent import OpenVLAAgent

    policy = load_openvla_policy(base, adapter)
    return lambda instruction: OpenVLAAgent(policy, instruction)
