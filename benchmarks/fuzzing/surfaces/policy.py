"""The policy protocol both ways: requests to a server, and what a server answers."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import msgpack
import numpy as np

from teachloop.datasets.steps import Observation
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.runtime.access import Access
from teachloop.runtime.errors import TeachloopError
from teachloop.runtime.ipc.frames import SharedFrames
from teachloop.training.policies.registry import open_policy
from teachloop.training.serving.address import Address, is_address
from teachloop.training.serving.arrays import Message, pack
from teachloop.training.serving.client import ForeignAgent, RemoteAgent
from teachloop.training.serving.connection import PolicyConnection
from teachloop.training.serving.foreign import KINDS
from teachloop.training.serving.observations import to_request
from teachloop.training.serving.protocol import Facts, Metadata, Picture, read, written
from teachloop.training.serving.server import policy_app
from teachloop.training.serving.service import PolicyService

from ..asgi import Socket
from ..mutators import Mutator, Value
from ..samples import cameras
from ..surface import Accepted
from .adapters import write_base

IMAGE = np.zeros((24, 32, 3), np.uint8)


def seen() -> Observation:
    """What a robot with two cameras sees."""
    known = cameras()
    return Observation(
        time_ns=1,
        joint_positions_rad=np.full(7, 0.1),
        joint_velocities_rad_s=np.zeros(7),
        ee_pose=np.eye(4),
        gripper_width_m=0.04,
        images=dict.fromkeys(known, IMAGE),
        image_time_ns=dict.fromkeys(known, 1),
        cameras=known,
    )


class AnyServer(PolicyConnection):
    """A server that answers what it was told to."""

    def __init__(self) -> None:
        super().__init__(Address.parse("http://127.0.0.1:1"), "")
        self.first, self.answer = written(Metadata()), b""

    def metadata(self) -> Metadata:
        return read(Metadata, self.first)

    def ask(self, request: bytes, answer_s: float) -> bytes:
        return self.answer

    def close(self) -> None: ...


class Policy:
    """A tiny policy behind its server, and agents of servers elsewhere."""

    def __init__(self, folder: Path) -> None:
        policy = open_policy(str(write_base(folder / "base")))
        self._service = PolicyService("tiny", policy, cameras(), SharedFrames())
        self._app = policy_app(self._service, Access())
        self._loop = asyncio.new_event_loop()
        self._socket: Socket | None = None
        self._requests = [_plain(written(to_request(seen(), pictures, "pick it up", 1)))
                          for pictures in _pictures()]  # fmt: skip
        self._server = AnyServer()
        facts = Facts(policy="tiny", control_hz=20.0)
        self._metadata = _plain(written(Metadata(teachloop=facts)))

    def feed(self, m: Mutator) -> str:
        try:
            if m.chance(0.6):
                sample = m.draw.choice(self._requests)
                return self._loop.run_until_complete(self._ask(_packed(m, sample)))
            return self._follow(m)
        except TeachloopError as error:
            return str(error)

    async def _ask(self, request: bytes) -> str:
        if self._socket is None or self._socket.ended:
            self._socket = Socket(self._app, b"/")
            await self._socket.hear()
            await self._socket.hear()
        await self._socket.say(request)
        heard = await self._socket.hear()
        if heard["type"] != "websocket.send":
            raise Accepted(f"the socket was closed: {heard}")
        return heard.get("text") or ""

    def _follow(self, m: Mutator) -> str:
        """An agent of a server that says anything; what it asks of the robot is finite."""
        is_address(str(m.hostile()))
        self._server.first = written(Metadata(teachloop=Facts(policy="tiny", control_hz=20.0)))
        if m.chance(0.3):
            self._server.first = _packed(m, self._metadata)
        columns = m.draw.choice((7, 8))
        self._server.answer = pack(cast(Message, _reply(0.01, columns)))
        agent = self._agent(m)
        self._server.answer = _packed(m, _plain(self._server.answer))
        actions = agent.chunk(seen())
        if len(actions) > 100_000 or agent.execute > 100_000:
            raise Accepted(f"{len(actions)} actions, of which {agent.execute} are carried out")
        told = [number for each in actions for number in (*each.ee_pose.flat, each.gripper or 0.0)]
        if not np.isfinite(told).all():
            raise Accepted("an action that is no number")
        return ""

    def _agent(self, m: Mutator) -> RemoteAgent | ForeignAgent:
        if m.chance(0.6):
            return RemoteAgent(self._server, "pick it up", 20.0)
        return ForeignAgent(self._server, "pick it up", KINDS[m.draw.choice(list(KINDS))], 20.0)


def _pictures() -> list[Mapping[str, Picture]]:
    return [dict.fromkeys(cameras(), IMAGE), dict.fromkeys(cameras(), encode_jpeg(IMAGE))]


def _reply(number: float, columns: int) -> Mapping[str, object]:
    return {
        "actions": np.full((4, columns), number),
        "server_timing": {"infer_ms": 1.0},
        "teachloop": {
            "execute": 2,
            "attention": {"front": np.ones((2, 2), np.float32)},
            "overwritten": [],
        },
    }


def _plain(packed: bytes) -> Value:
    """Arrays as the maps that they travel as, whose keys are bytes: named here as text."""
    return _named(msgpack.unpackb(packed))


def _named(value: object) -> Value:
    if isinstance(value, dict):
        return {
            f"b:{k.decode()}" if isinstance(k, bytes) else k: _named(v) for k, v in value.items()
        }
    return [_named(each) for each in value] if isinstance(value, list) else cast(Value, value)


def _unnamed(value: Value) -> object:
    if isinstance(value, dict):
        return {k[2:].encode("utf-8", "replace") if k.startswith("b:") else k: _unnamed(v)
                for k, v in value.items()}  # fmt: skip
    return [_unnamed(each) for each in value] if isinstance(value, list) else value


def _packed(m: Mutator, sample: Value) -> bytes:
    """msgpack of something else, or other bytes."""
    try:
        packed = msgpack.packb(_unnamed(m.value(sample) if m.chance(0.85) else sample))
    except (ValueError, TypeError, OverflowError, UnicodeEncodeError):
        packed = msgpack.packb(_unnamed(sample))
    assert packed is not None
    return m.changed(packed) if m.chance(0.2) else packed


SURFACE = Policy
