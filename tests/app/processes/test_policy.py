import io
import json
import time

import pytest

from teachloop.app.processes.policy import Instructions
from teachloop.datasets.steps import Action, Observation
from teachloop.training.policies.chunk_agent import ChunkAgent


class Named(ChunkAgent):
    """An agent that knows what it was told, and whether anybody will ask it again."""

    def __init__(self, instruction: str) -> None:
        super().__init__(execute=1)
        self.instruction, self.closed = instruction, False

    def close(self) -> None:
        self.closed = True

    def chunk(self, observation: Observation) -> list[Action]:
        raise NotImplementedError


def test_the_newest_instruction_is_followed_by_the_policy_that_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[Named] = []

    def agent_for(instruction: str) -> Named:
        made.append(Named(instruction))
        return made[-1]

    lines = [json.dumps(text) + "\n" for text in ("push it", "把它推开")]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(lines)))
    instructions = Instructions(agent_for)
    deadline = time.monotonic() + 10
    while instructions.agent is not (made[1] if len(made) > 1 else None):
        assert time.monotonic() < deadline
    assert [agent.instruction for agent in made] == ["push it", "把它推开"]
    assert [agent.closed for agent in made] == [True, False]
    assert capsys.readouterr().out.count("ready") == 2, "each is answered"
