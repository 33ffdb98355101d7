"""A policy on another machine: the same actions as here, for those who have the password."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest
import torch
import uvicorn

from teachloop.app.web.server import bind
from teachloop.datasets.steps import Observation
from teachloop.datasets.takes.jpeg import decode_jpeg, encode_jpeg
from teachloop.runtime.access import Access, AddressRefused
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.world import World
from teachloop.training.grounded.base import save_base
from teachloop.training.grounded.config import PolicyConfig
from teachloop.training.grounded.policy import GroundedPolicy
from teachloop.training.policies.registry import AgentFor, open_policy
from teachloop.training.serving.client import (
    PasswordInTheOpen,
    PolicyServerAway,
    PolicyServerRefused,
    RemoteAgent,
)
from teachloop.training.serving.protocol import from_observation, pack, to_chunk, unpack
from teachloop.training.serving.server import PolicyService, policy_app

TINY = PolicyConfig(
    image_size=32, patch_size=8, width=16, vision_layers=1, text_layers=1, attention_heads=2,
    head_width=32, head_blocks=1, chunk=4,
)  # fmt: skip
INSTRUCTION = "push the red cube to the left"
PASSWORD = "a good one"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("base")
    save_base(GroundedPolicy(TINY), folder)
    return str(folder)


@pytest.fixture(scope="module")
def agent_for(base: str) -> AgentFor:
    return open_policy(base)


@pytest.fixture(scope="module")
def seen() -> Observation:
    with World(sample_scene(1, verb="pick")) as world:
        return world.observe()


@contextlib.contextmanager
def serving(agent_for: AgentFor, port: int = 0, password: str | None = PASSWORD) -> Iterator[str]:
    """A server on this machine, until the end of the block."""
    with bind("127.0.0.1", port) as listener:
        app = policy_app(PolicyService("tiny", agent_for), Access(password=password))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws_max_size=1 << 24))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = server.force_exit = True
        thread.join(10)


@pytest.fixture
def address(agent_for: AgentFor) -> Iterator[str]:
    with serving(agent_for) as address:
        yield address


def test_it_answers_what_the_policy_would_say_here(
    address: str, agent_for: AgentFor, seen: Observation
) -> None:
    received = {name: decode_jpeg(encode_jpeg(image)) for name, image in seen.images.items()}
    here, there = agent_for(INSTRUCTION), RemoteAgent(address, PASSWORD, INSTRUCTION)
    wanted, given = here.chunk(replace(seen, images=received)), there.chunk(seen)
    assert there.execute == here.execute
    assert [each.gripper for each in given] == [each.gripper for each in wanted]
    for one, other in zip(given, wanted, strict=True):
        np.testing.assert_array_equal(one.ee_pose, other.ee_pose)
    for name, grid in here.attention.items():
        np.testing.assert_array_equal(there.attention[name], grid)
    assert there.thought_ms > 0
    there.close()


def test_a_password_may_be_in_any_language(agent_for: AgentFor, seen: Observation) -> None:
    with serving(agent_for, password="пароль 100%") as address:
        agent = RemoteAgent(address, "пароль 100%", INSTRUCTION)
        assert len(agent.chunk(seen)) == TINY.chunk
        agent.close()


@pytest.mark.parametrize(
    ("name", "value"), [("time_ns", float("inf")), ("ee_pose", [float("nan")] * 16)]
)
def test_what_is_no_number_is_refused_in_words(
    address: str, seen: Observation, name: str, value: object
) -> None:
    observation = {**from_observation(seen), name: value}
    answer = httpx.post(
        f"{address}/chunk",
        content=pack({"instruction": INSTRUCTION, "observation": observation}),
        headers={"authorization": f"Bearer {PASSWORD}"},
    )
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_one_request_is_one_run(address: str, seen: Observation) -> None:
    message = {"instruction": INSTRUCTION, "observation": from_observation(seen)}
    headers = {"authorization": f"Bearer {PASSWORD}"}
    answers = [
        httpx.post(f"{address}/chunk", content=pack(message), headers=headers) for _ in range(2)
    ]
    chunks = [to_chunk(unpack(answer.content))[0] for answer in answers]
    np.testing.assert_array_equal(chunks[0][0].ee_pose, chunks[1][0].ee_pose)
    summary = httpx.get(f"{address}/policy", headers=headers).json()
    assert (summary["policy"], summary["answers"]) == ("tiny", 2)
    assert 0 < summary["p50_ms"] <= summary["p95_ms"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": f"Bearer {PASSWORD}", "origin": "https://evil.example"}, 403),
        ({"authorization": f"Bearer {PASSWORD}", "host": "evil.example"}, 403),
        ({"authorization": f"Bearer {PASSWORD}"}, 200),
    ],
)
def test_only_stations_with_the_password_are_answered(
    address: str, headers: dict[str, str], status: int
) -> None:
    assert httpx.get(f"{address}/policy", headers=headers).status_code == status


def test_a_wrong_password_is_told_apart_at_once(address: str) -> None:
    began = time.monotonic()
    with pytest.raises(PolicyServerAway, match="not this policy server's password"):
        RemoteAgent(address, "wrong", INSTRUCTION)
    assert time.monotonic() - began < 5, "trying again would not help"


def test_a_password_does_not_travel_in_the_open() -> None:
    with pytest.raises(PasswordInTheOpen, match="certificate"):
        RemoteAgent("http://gpu.example:7861", PASSWORD, INSTRUCTION)


def test_others_may_ask_only_with_a_password() -> None:
    with pytest.raises(AddressRefused):
        Access(host="0.0.0.0", password=None)


def test_a_message_that_is_none_is_refused_and_the_run_goes_on(
    address: str, seen: Observation
) -> None:
    agent = RemoteAgent(address, PASSWORD, INSTRUCTION)
    with pytest.raises(PolicyServerRefused, match="wrist"):
        agent.chunk(replace(seen, images={"front": seen.images["front"]}))
    with pytest.raises(PolicyServerRefused, match="not understood"):
        agent._send({"observation": {"images": {"front": b"no picture"}}})
    assert len(agent.chunk(seen)) == TINY.chunk
    agent.close()
    headers = {"authorization": f"Bearer {PASSWORD}"}
    for content in (b"\xc1", b"\x01", pack({"instruction": ""})):
        answer = httpx.post(f"{address}/chunk", content=content, headers=headers)
        assert (answer.status_code, "error" in answer.json()) == (400, True)


def test_a_server_that_comes_back_is_found_again(agent_for: AgentFor, seen: Observation) -> None:
    with serving(agent_for) as address:
        agent = RemoteAgent(address, PASSWORD, INSTRUCTION)
        agent.chunk(seen)
    with serving(agent_for, port=int(address.rsplit(":", 1)[1])):
        assert len(agent.chunk(seen)) == TINY.chunk
        agent.close()


def test_a_server_that_stays_away_ends_the_run(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teachloop.training.serving.client.AWAY_S", 0.5)
    with pytest.raises(PolicyServerAway, match="serve-policy"):
        RemoteAgent("http://127.0.0.1:9", PASSWORD, INSTRUCTION)


@pytest.mark.alone
def test_the_command_serves_a_base(base: str, seen: Observation, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "teachloop.app.cli", "serve-policy", "--base", base]
    command += ["--port", "0", "--data", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[1]
        agent = RemoteAgent(address, "", INSTRUCTION)
        assert len(agent.chunk(seen)) == TINY.chunk
        agent.close()
    finally:
        process.terminate()
        assert process.wait(20) is not None
