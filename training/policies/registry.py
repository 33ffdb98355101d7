"""Every family of policies behind one door: a base and an adapter become agents."""

from collections.abc import Callable
from pathlib import Path

from ..grounded.agent import PolicyAgent
from ..grounded.lora import load_policy
from .base_names import is_openvla
from .chunk_agent import ChunkAgent

AgentFor = Callable[[str], ChunkAgent]
"""Makes the agent that follows an instruction."""


def open_policy(base: str, adapter: Path | None = None, bits: int = 0) -> AgentFor:
    """Load a policy; it makes agents, one at a time.

    ``bits``: 4 or 8 to quantise an OpenVLA; 0: as it was trained. Raises TeachloopError on a
    base or adapter that cannot be used.
    """
    if is_openvla(base):
        return _openvla(base, adapter, bits)
    policy = load_policy(base, adapter)
    return lambda instruction: PolicyAgent(policy, instruction)


def _openvla(base: str, adapter: Path | None, bits: int) -> AgentFor:
    # Seconds of imports that the small policy does not need.
    from ..openvla.adapters import load_openvla_policy
    from ..openvla.agent import OpenVLAAgent

    policy = load_openvla_policy(base, adapter, bits=bits)
    return lambda instruction: OpenVLAAgent(policy, instruction)
