"""How much of a plan is carried out before the next look."""

from collections.abc import Iterator

import pytest
import torch

from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.views import USUAL
from teachloop.simulation.world import World
from teachloop.training.grounded.agent import EXECUTE, SPARE, PolicyAgent
from teachloop.training.grounded.policy import GroundedPolicy

CHUNK, RISE, TURN = 16, 2, 5  # ticks of a plan, and places in an offset


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(sample_scene(1), USUAL) as world:
        yield world


def planning(tiny: GroundedPolicy, offsets: torch.Tensor) -> PolicyAgent:
    """Whatever it sees, it plans the same (chunk, 7)."""
    policy = GroundedPolicy(tiny.policy_config.model_copy(update={"chunk": CHUNK}))
    torch.nn.init.zeros_(policy.head.leave.weight)
    policy.head.leave.bias.data = offsets.flatten()
    return PolicyAgent(policy, "push it")


@pytest.mark.parametrize(
    ("number", "begins", "executed"),
    [
        (RISE, 0, EXECUTE),
        (RISE, EXECUTE, CHUNK - SPARE),  # the fingers close, and then it lifts
        (TURN, 2, EXECUTE),
        (TURN, EXECUTE + 2, CHUNK - SPARE),
        (RISE, CHUNK, CHUNK - SPARE),  # it never moves
    ],
)
def test_a_plan_that_begins_with_a_rest_is_carried_out_to_where_it_goes_on(
    world: World, tiny_policy: GroundedPolicy, number: int, begins: int, executed: int
) -> None:
    offsets = torch.zeros(CHUNK, 7)
    offsets[begins:, number] = torch.arange(1, CHUNK - begins + 1) * 0.03
    agent = planning(tiny_policy, offsets)
    seen = world.observe()
    for tick in range(2 * executed):
        assert agent.looks == (tick % executed == 0)
        agent.act(seen)
