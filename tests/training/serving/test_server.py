"""A policy on another machine: the same actions as here, for those who have the password."""

import asyncio
import contextlib
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import msgpack
import numpy as np
import pytest
from served_policy import PASSWORD, TINY, serving
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from teachloop.datasets.embodiment import Embodiment
from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.datasets.takes.jpeg import decode_jpeg, encode_jpeg
from teachloop.runtime.access import Access, AddressRefused
from teachloop.training.policies.chunk_agent import ChunkAgent
from teachloop.training.policies.interface import LoadedPolicy
from teachloop.training.serving.actions import from_rows
from teachloop.training.serving.arrays import pack, unpack
from teachloop.training.serving.client import RemoteAgent, remote_agent
from teachloop.training.serving.connection import (
    PasswordInTheOpen,
    PolicyServerAway,
    PolicyServerRefused,
)
from teachloop.training.serving.observations import to_request
from teachloop.training.serving.protocol import LARGEST_BYTES, Metadata, Reply, read, written
from teachloop.training.serving.service import PolicyService

INSTRUCTION = "push the red cube to the left"
HEADERS = {"authorization": f"Api-Key {PASSWORD}"}


def agent_of(address: str, password: str = PASSWORD, rate_hz: float = 20.0) -> RemoteAgent:
    agent = remote_agent(address, password, INSTRUCTION, rate_hz)
    assert isinstance(agent, RemoteAgent)
    return agent


_OBJECTS = {b"__ndarray__": True, b"data": b"\x80\x04.", b"dtype": "|O", b"shape": [3]}
_STRUCTURE = {**_OBJECTS, b"dtype": [["a", "<f8"]]}
_GIGABYTES = {**_OBJECTS, b"dtype": "|u1", b"shape": [1 << 20, 1 << 20, 3]}
_ENDLESS = {**_OBJECTS, b"dtype": "|u1", b"data": b"", b"shape": [0, *[1 << 30] * 7]}
_TEXT = {b"__npgeneric__": True, b"data": "x", b"dtype": "<U1"}
_FRAME = {"memory": "/proc/1/fd/3", "slots": 4, "capacity": 12, "index": 0, "height": 2, "width": 2}
_BIG_JPEG = encode_jpeg(np.zeros((8, 8, 3), np.uint8)).replace(b"\0\x08\0\x08", b"\xff\xf0\xff\xf0")
_ZEROS = [0.0] * 8


def _asked(**fields: object) -> bytes:
    packed = msgpack.packb({"prompt": INSTRUCTION, "state": _ZEROS, **fields})
    assert packed is not None
    return packed


HOSTILE: list[bytes | str] = [
    "text",
    b"",
    b"\xc1",
    b"\x01",
    b"\x91" * 100_000,  # a list in a list in a list
    b"\xdf\xff\xff\xff\xff",  # four thousand million entries
    b"\xc6\x40\x00\x00\x00",  # a gigabyte follows
    pickle.dumps({"prompt": INSTRUCTION}),
    _asked(prompt=""),
    _asked(prompt=7),
    _asked(prompt="x" * 100_000),
    _asked(state=None),
    _asked(state=[0.0] * 6),
    _asked(state=[float("nan")] * 8),
    _asked(state=_OBJECTS),
    _asked(state=_TEXT),
    _asked(images={"front": _OBJECTS}),
    _asked(images={"front": _STRUCTURE}),
    _asked(images={"front": _GIGABYTES}),
    _asked(images={"front": _ENDLESS}),
    _asked(images={"front": b"no picture"}),
    _asked(images={"front": _BIG_JPEG}),
    _asked(images={"front": "front.png"}),
    _asked(images={"front": _FRAME}),  # a reference from who knows where
    _asked(images={str(number): b"" for number in range(17)}),
    _asked(teachloop={"run": -1}),
    _asked(teachloop={"time_ns": float("inf")}),
    _asked(teachloop={"ee_pose": [[float("nan")] * 4] * 4}),
    _asked(teachloop={"ee_pose": [1.0] * 16}),
    _asked(teachloop={"cameras": {"front": {"name": "front"}}}),
    _asked(teachloop={"password": "?"}),
]


@pytest.fixture
def socket(address: str) -> Iterator[ClientConnection]:
    """A bare socket, after the server's metadata."""
    uri = address.replace("http", "ws")
    with connect(uri, additional_headers=HEADERS, compression=None, max_size=None) as socket:
        read(Metadata, _bytes(socket))
        yield socket


def _bytes(socket: ClientConnection) -> bytes:
    data = socket.recv(20)
    assert isinstance(data, bytes), data
    return data


def as_jpegs(observation: Observation) -> Observation:
    images = {name: decode_jpeg(encode_jpeg(each)) for name, each in observation.images.items()}
    return replace(observation, images=images)


def assert_same(given: list[Action], wanted: list[Action]) -> None:
    assert [each.gripper for each in given] == [each.gripper for each in wanted]
    for one, other in zip(given, wanted, strict=True):
        np.testing.assert_allclose(one.ee_pose, other.ee_pose, rtol=0, atol=1e-9)


def test_it_answers_what_the_policy_would_say_here(
    address: str, agent_for: LoadedPolicy, seen: Observation
) -> None:
    here, there = agent_for(INSTRUCTION), agent_of(address)
    wanted, given = here.chunk(seen), there.chunk(seen)
    assert there.execute == here.execute
    assert_same(given, wanted)
    for name, grid in here.attention.items():
        np.testing.assert_array_equal(there.attention[name], grid)
    assert there.thought_ms > 0
    there.close()


def test_a_robot_of_half_the_rate_is_given_every_second_target(
    address: str, agent_for: LoadedPolicy, seen: Observation
) -> None:
    here, there = agent_for(INSTRUCTION), agent_of(address, rate_hz=10.0)
    assert_same(there.chunk(seen), here.chunk(seen)[1::2])
    assert there.execute == here.execute / 2, "as long as before"
    there.close()


def test_images_may_come_as_jpegs(address: str, agent_for: LoadedPolicy, seen: Observation) -> None:
    agent = agent_of(address)
    jpegs = {name: encode_jpeg(image) for name, image in seen.images.items()}
    assert_same(agent.chunk_of(seen, jpegs), agent_for(INSTRUCTION).chunk(as_jpegs(seen)))
    agent.close()


def test_the_server_says_what_its_numbers_mean(address: str) -> None:
    with connect(address.replace("http", "ws"), additional_headers=HEADERS) as socket:
        facts = read(Metadata, _bytes(socket)).teachloop
    assert facts is not None
    assert (facts.policy, facts.control_hz) == ("tiny", 20.0)
    assert facts.state[0] == "joint_1_rad"
    assert facts.actions[-1] == "gripper"


def test_a_policy_without_a_gripper_says_so_and_answers_in_six_numbers(
    agent_for: LoadedPolicy, seen: Observation
) -> None:
    class Without(ChunkAgent):
        def chunk(self, observation: Observation) -> list[Action]:
            assert observation.gripper_width_m is None
            return [replace(each, gripper=None) for each in agent_for(INSTRUCTION).chunk(seen)]

    policy = LoadedPolicy(lambda _instruction: Without(execute=4), rate_hz=20.0)
    service = PolicyService("bare", policy, mounted=Embodiment(gripper=None))
    facts = service.metadata.teachloop
    assert facts is not None
    assert (len(facts.state), facts.actions[-1]) == (7, "rz_rad")
    bare = replace(seen, gripper_width_m=None)
    request = to_request(bare, bare.images, INSTRUCTION, run=1)
    assert request.state is not None
    assert request.state.shape == (7,)
    agent = asyncio.run(service.begin(INSTRUCTION))
    reply = read(Reply, written(asyncio.run(service.answer(agent, request))))
    assert reply.actions.shape == (TINY.chunk, 6)
    assert {action.gripper for action in from_rows(reply.actions)} == {None}


def test_a_policy_that_works_a_gripper_says_that_there_is_none(
    address: str, seen: Observation
) -> None:
    with pytest.raises(PolicyServerRefused, match="with a gripper, and this one has none"):
        agent_of(address).chunk(replace(seen, gripper_width_m=None))


def test_images_state_and_prompt_are_enough(
    socket: ClientConnection, agent_for: LoadedPolicy, seen: Observation
) -> None:
    """As openpi's clients ask: the hand is where the joints put it, the cameras are known."""
    state = np.array([*seen.joint_positions_rad, seen.gripper_width_m])
    socket.send(pack({"images": seen.images, "state": state, "prompt": INSTRUCTION}))
    answer = unpack(_bytes(socket))
    assert set(answer) == {"actions", "server_timing"}, "no array that is no chunk"
    reply = read(Reply, pack(answer))
    wanted = agent_for(INSTRUCTION).chunk(seen)
    np.testing.assert_allclose(
        reply.actions[:, :3], np.stack([each.ee_pose[:3, 3] for each in wanted]), atol=1e-4
    )


def test_each_answer_says_how_long_the_last_one_took(
    socket: ClientConnection, seen: Observation
) -> None:
    timings = []
    for _ in range(2):
        socket.send(written(to_request(seen, seen.images, INSTRUCTION, run=1)))
        timings.append(read(Reply, _bytes(socket)).server_timing)
    assert timings[0].prev_total_ms is None
    assert timings[1].prev_total_ms is not None
    assert timings[1].prev_total_ms >= timings[0].infer_ms > 0


class Counting(ChunkAgent):
    """Each agent's chunks are one tick longer than the ones of the agent before."""

    made = 0

    def __init__(self) -> None:
        super().__init__(execute=3)
        Counting.made += 1
        self.length = Counting.made

    def chunk(self, observation: Observation) -> list[Action]:
        action = Action(ee_pose=observation.ee_pose, gripper=1.0, decided_by=Decider.POLICY)
        return [action] * self.length


def test_another_prompt_or_run_is_for_another_agent(seen: Observation) -> None:
    Counting.made = 0
    counting = LoadedPolicy(lambda prompt: Counting(), rate_hz=20.0)
    with serving(PolicyService("counting", counting), password=None) as address:
        agent = agent_of(address, "")
        assert [len(agent.chunk(seen)) for _ in range(2)] == [1, 1]
        agent.reset()
        assert len(agent.chunk(seen)) == 2
        agent.close()
        with connect(address.replace("http", "ws")) as socket:
            lengths = []
            socket.recv()
            for prompt in ("one", "one", "two", "one"):
                socket.send(written(to_request(seen, {}, prompt, run=1)))
                lengths.append(len(read(Reply, _bytes(socket)).actions))
    assert lengths == [3, 3, 4, 5]


def test_a_password_may_be_in_any_language(agent_for: LoadedPolicy, seen: Observation) -> None:
    with serving(PolicyService("tiny", agent_for), password="пароль 100%") as address:
        agent = agent_of(address, "пароль 100%")
        assert len(agent.chunk(seen)) == TINY.chunk
        agent.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": f"Basic {PASSWORD}"}, 401),
        ({"authorization": f"Bearer {PASSWORD}", "origin": "https://evil.example"}, 403),
        ({"authorization": f"Bearer {PASSWORD}", "host": "evil.example"}, 403),
        ({"authorization": f"Bearer {PASSWORD}"}, 200),
        ({"authorization": f"Api-Key {PASSWORD}"}, 200),
    ],
)
def test_only_stations_with_the_password_are_answered(
    address: str, headers: dict[str, str], status: int
) -> None:
    assert httpx.get(f"{address}/policy", headers=headers).status_code == status
    if status != 200 and "host" not in headers:
        with pytest.raises(InvalidStatus, match=str(status)):
            connect(address.replace("http", "ws"), additional_headers=headers)


def test_health_is_told_without_a_password(address: str) -> None:
    answer = httpx.get(f"{address}/healthz")
    assert (answer.status_code, answer.text) == (200, "OK\n")


def test_answers_are_counted_and_timed(address: str, seen: Observation) -> None:
    agent = agent_of(address)
    for _ in range(2):
        agent.chunk(seen)
    agent.close()
    summary = httpx.get(f"{address}/policy", headers=HEADERS).json()
    assert (summary["policy"], summary["answers"]) == ("tiny", 2)
    assert 0 < summary["p50_ms"] <= summary["p95_ms"]


def test_a_wrong_password_is_told_apart_at_once(address: str) -> None:
    began = time.monotonic()
    with pytest.raises(PolicyServerAway, match="not this policy server's password"):
        agent_of(address, "wrong")
    assert time.monotonic() - began < 5, "trying again would not help"


def test_a_password_does_not_travel_in_the_open() -> None:
    for address in ("http://gpu.example:7861", "ws://gpu.example:8000#droid"):
        with pytest.raises(PasswordInTheOpen, match="certificate"):
            agent_of(address)


def test_others_may_ask_only_with_a_password() -> None:
    with pytest.raises(AddressRefused):
        Access(host="0.0.0.0", password=None)


def test_a_missing_camera_is_said_and_the_run_goes_on(address: str, seen: Observation) -> None:
    agent = agent_of(address)
    with pytest.raises(PolicyServerRefused, match="wrist"):
        agent.chunk(replace(seen, images={"front": seen.images["front"]}))
    assert len(agent.chunk(seen)) == TINY.chunk
    agent.close()


def test_hostile_messages_are_refused_in_words_and_the_run_goes_on(
    socket: ClientConnection, seen: Observation
) -> None:
    for message in HOSTILE:
        socket.send(message)
        assert "not understood" in str(socket.recv(20)), message[:80]
    socket.send(written(to_request(seen, seen.images, INSTRUCTION, run=1)))
    assert len(read(Reply, _bytes(socket)).actions) == TINY.chunk


def test_a_message_that_is_too_large_ends_the_connection(socket: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        socket.send(bytes(LARGEST_BYTES + 1))
    with pytest.raises(ConnectionClosed):
        socket.recv(20)


def test_a_server_that_comes_back_is_found_again(
    agent_for: LoadedPolicy, seen: Observation
) -> None:
    service = PolicyService("tiny", agent_for)
    with serving(service) as address:
        agent = agent_of(address)
        agent.chunk(seen)
    with serving(PolicyService("tiny", agent_for), port=int(address.rsplit(":", 1)[1])):
        assert len(agent.chunk(seen)) == TINY.chunk
        agent.close()


def test_a_server_that_stays_away_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teachloop.training.serving.connection.AWAY_S", 0.5)
    with pytest.raises(PolicyServerAway, match="serve-policy"):
        agent_of("http://127.0.0.1:9")


@pytest.mark.real_time
def test_the_command_serves_a_base(base: str, seen: Observation, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "teachloop.app.cli.main", "serve-policy", "--base", base]
    command += ["--port", "0", "--data", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        agent = agent_of(process.stdout.readline().split()[1], "")
        assert len(agent.chunk(seen)) == TINY.chunk
        agent.close()
    finally:
        process.terminate()
        assert process.wait(20) is not None
