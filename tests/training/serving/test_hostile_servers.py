"""What a policy's server says is not trusted: a robot is asked for nothing that cannot be."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from teachloop.datasets.steps import Observation
from teachloop.training.serving.address import Address
from teachloop.training.serving.arrays import NotUnderstood, Value, pack
from teachloop.training.serving.client import RemoteAgent
from teachloop.training.serving.connection import PolicyConnection
from teachloop.training.serving.protocol import Facts, Metadata, Reply, read, written

FACTS = {"policy": "odd", "control_hz": 20.0}
REPLY: Mapping[str, Value] = {
    "actions": np.zeros((3, 7)),
    "server_timing": {"infer_ms": 1.0},
    "teachloop": {"execute": 2},
}


class SaysAnything(PolicyConnection):
    """A server on this machine that answers everything with the same words."""

    def __init__(self, answer: Mapping[str, Value]) -> None:
        super().__init__(Address.parse("http://127.0.0.1:1"), "")
        self.answer = answer

    def metadata(self) -> Metadata:
        return Metadata(teachloop=Facts.model_validate(FACTS))

    def ask(self, request: bytes, answer_s: float) -> bytes:
        return pack(self.answer)


def test_a_good_answer_is_a_chunk(seen: Observation) -> None:
    agent = RemoteAgent(SaysAnything(REPLY), "push", 20.0)
    assert len(agent.chunk(seen)) == 3


@pytest.mark.parametrize(
    "odd",
    [
        {"actions": np.zeros((3, 6))},
        {"actions": np.zeros((3, 8))},
        {"actions": np.zeros((3, 0))},
        {"actions": np.zeros((100_000, 7))},
        {"actions": np.full((3, 7), 1e300)},
        {"actions": np.full((3, 7), np.nan)},
        {"teachloop": {"execute": 0}},
        {"teachloop": {"execute": 1 << 62}},
        {"teachloop": {"execute": 2, "attention": {"front": np.zeros(3)}}},
    ],
    ids=repr,
)
def test_an_odd_answer_is_refused_with_its_field(
    odd: Mapping[str, Value], seen: Observation
) -> None:
    connection = SaysAnything(REPLY)
    agent = RemoteAgent(connection, "push", 20.0)
    connection.answer = {**REPLY, **odd}
    with pytest.raises(NotUnderstood, match=r"actions|teachloop"):
        agent.chunk(seen)


def test_a_robot_without_a_gripper_is_told_nothing_of_one(seen: Observation) -> None:
    connection = SaysAnything(REPLY)
    agent = RemoteAgent(connection, "push", 20.0)
    bare = replace(seen, gripper_width_m=None)
    with pytest.raises(NotUnderstood, match=r"rz_rad(?!,)"):
        agent.chunk(bare)
    connection.answer = {**REPLY, "actions": np.zeros((3, 6))}
    assert [action.gripper for action in agent.chunk(bare)] == [None] * 3


@pytest.mark.parametrize("hz", [0, -20, 1e-300, 1e300, float("inf"), float("nan"), "fast", None])
def test_a_server_whose_ticks_cannot_be_is_refused(hz: Value) -> None:
    with pytest.raises(NotUnderstood, match="control_hz"):
        read(Metadata, pack({"teachloop": {**FACTS, "control_hz": hz}}))


def test_what_is_said_here_is_understood_there() -> None:
    reply = Reply(actions=np.zeros((0, 7)))
    assert read(Reply, written(reply)).actions.shape == (0, 7)
