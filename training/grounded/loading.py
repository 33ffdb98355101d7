"""From a base and an adapter to what acts."""

from pathlib import Path

from ..policies.interface import LoadedPolicy
from .agent import PolicyAgent
from .base import load_base
from .colour_words import vocabulary_of
from .device import settle
from .lora import load_layout, load_policy, require_same_base
from .replay.agent import ReplayAgent
from .replay.demonstration import read, replays


def load(base: str, adapter: Path | None) -> LoadedPolicy:
    """Raises UnknownBase, BrokenJson, AdapterDoesNotFit, NotReplayable."""
    if adapter is not None and replays(adapter):
        return _replaying(base, adapter)
    policy = settle(load_policy(base, adapter))
    return LoadedPolicy(lambda text: PolicyAgent(policy, text), policy.policy_config.rate_hz)


def _replaying(base: str, adapter: Path) -> LoadedPolicy:
    require_same_base(base, adapter)
    policy, shown = settle(load_base(base, load_layout(adapter))), read(adapter)
    texts = [text for each in shown for text in each.said]
    names = [name for each in shown for name in each.names]
    policy.vocabulary = policy.vocabulary.joined(vocabulary_of(texts, names))
    return LoadedPolicy(lambda text: ReplayAgent(policy, text, shown), policy.policy_config.rate_hz)
