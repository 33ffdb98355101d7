"""A tiny policy, a server of it on this machine, and something to see."""

from collections.abc import Iterator

import pytest
import torch
from served_policy import TINY, serving

from teachloop.datasets.steps import Observation
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.world import World
from teachloop.training.grounded.base import save_base
from teachloop.training.grounded.policy import GroundedPolicy
from teachloop.training.policies.interface import LoadedPolicy
from teachloop.training.policies.registry import open_policy
from teachloop.training.serving.service import PolicyService


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("base")
    save_base(GroundedPolicy(TINY), folder)
    return str(folder)


@pytest.fixture(scope="session")
def agent_for(base: str) -> LoadedPolicy:
    return open_policy(base)


@pytest.fixture(scope="session")
def seen() -> Observation:
    with World(sample_scene(1, verb="pick")) as world:
        return world.observe()


@pytest.fixture
def address(agent_for: LoadedPolicy, seen: Observation) -> Iterator[str]:
    """A server that knows the cameras of ``seen``, and wants PASSWORD."""
    with serving(PolicyService("tiny", agent_for, cameras=seen.cameras)) as address:
        yield address
