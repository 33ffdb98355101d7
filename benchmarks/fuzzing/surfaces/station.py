"""ZeroMQ: commands as they come to a station, and what clients are answered and told."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgpack
import zmq

from teachloop.datasets.calibration import Calibration
from teachloop.recorder.devices.messages import DEVICE_NEWS, Moved
from teachloop.recorder.station import commands
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.command_handler import CommandHandler
from teachloop.recorder.station.config import StationConfig
from teachloop.recorder.station.endpoint import Endpoint
from teachloop.recorder.station.published import (
    EVENT,
    OBSERVATION,
    STATE,
    PolicyObservation,
    read_published,
)
from teachloop.recorder.station.station import Station
from teachloop.runtime.errors import TeachloopError
from teachloop.runtime.ipc.channel import Channel
from teachloop.runtime.ipc.frames import SharedFrame
from teachloop.runtime.ipc.serialization import pack_plain

from ..mutators import Mutator, Value
from ..samples import TAKE_ID, cameras
from ..surface import Accepted

FIELDS: Mapping[str, Mapping[str, Value]] = MappingProxyType(
    {
        "acquire": {"client": "a", "take_over": True},
        "status": {},
        "stop_robot": {},
        "chunk": {"policy": "x", "time_ns": 1, "poses": [[0.0] * 16], "grippers": [1.0]},
        "heartbeat": {},
        "acknowledge": {},
        "twist": {"linear": [0.0, 0.1, 0.0], "angular": [0.0, 0.0, 0.0], "gripper": 0.5},
        "select_agent": {"name": "expert"},
        "attach_policy": {"name": "p"},
        "detach_policy": {},
        "set_task": {"task": "pick", "instruction": "pick it up", "operator": "Ada"},
        "reset": {"seed": 3, "verb": "pick", "split": "base"},
        "home": {},
        "practice": {},
        "start": {"until_done": True, "countdown_s": 1.0},
        "stop": {},
        "keep": {"success": True},
        "discard": {},
        "undo": {},
        "restore": {"take": TAKE_ID},
        "mark_success": {"value": True, "take": TAKE_ID},
    }
)
EVENT_SAMPLE: Value = {"time_ns": 1, "kind": "mark", "text": "here"}
PREVIEW_SAMPLE: Value = {"number": 1, "time_ns": 1, "width": 32, "height": 24}
DEVICE_SAMPLES: Sequence[Value] = (
    {
        "kind": "moved",
        "input": "hand",
        "linear_m_s": [0.0, 0.0, 0.0],
        "angular_rad_s": [0.0, 0.0, 0.0],
        "gripper": None,
        "time_ns": 1,
    },
    {"kind": "robot_stopped", "error": "reflex"},
    {"kind": "failed", "error": "no"},
)


class StationLines:
    """A station that was not started, a client of one that says anything, and a child's line."""

    def __init__(self, folder: Path) -> None:
        self._context = zmq.Context()
        self._station = Station(StationConfig(folder / "data"), self._context, folder)
        self._handler = CommandHandler(self._station)
        self._client = self._context.socket(zmq.DEALER)
        self._client.connect(f"ipc://{folder}/command")
        self._status = self._station.status(time.monotonic_ns()).model_dump()
        self._peer = self._context.socket(zmq.ROUTER)
        self._peer.bind(f"ipc://{folder}/peer")
        endpoint = Endpoint(
            command=f"ipc://{folder}/peer", publish="ipc://x", preview="ipc://y", pid=1
        )
        self._asking = StationClient(endpoint)
        self._child = self._context.socket(zmq.PAIR)
        self._child.bind("inproc://child")
        line = self._context.socket(zmq.PAIR)
        line.connect("inproc://child")
        self._news = Channel(line, DEVICE_NEWS)
        self._number = 1000  # none that a mutated command has

    def feed(self, m: Mutator) -> str:
        how = m.below(10)
        try:
            if how < 6:
                return self._command(m)
            if how < 7:
                return self._news_of_child(m)
            return self._answer(m) if how < 8 else self._published(m)
        except TeachloopError as error:
            return str(error)

    def _command(self, m: Mutator) -> str:
        """What the station answers; the next command is answered, too."""
        self._client.send_multipart(_command_parts(m, self._station.lease._token))
        self._number += 1
        self._client.send(pack_plain({"id": self._number, "command": "status"}))
        answers = self._answers()
        last = answers[-1]
        if last.get("id") != self._number or not last["ok"]:
            raise Accepted(f"the next command was answered with {str(last)[:200]}")
        return next((str(each["error"]) for each in answers[:-1] if not each["ok"]), "")

    def _answers(self) -> list[dict[str, Value]]:
        found: list[dict[str, Value]] = []
        for _ in range(2000):  # a busy machine may be slow to pass it on
            self._station.server.serve(time.monotonic_ns() + 4_000_000, self._handler.handle, dict)
            while self._client.poll(0):
                found.append(msgpack.unpackb(self._client.recv()))
            if found and found[-1].get("id") == self._number:
                return found
        raise Accepted("the next command was not answered")

    def _answer(self, m: Mutator) -> str:
        """A client that is answered with anything, and then as it should be."""
        number = next(self._asking._numbers) + 1
        good = {"id": number, "ok": True, "reply": {"take": TAKE_ID}, "error": ""}
        self._asking._socket.send(b"hello")
        sender, _ = self._peer.recv_multipart()
        self._peer.send_multipart([sender, _packed(m, good)])
        self._peer.send_multipart([sender, pack_plain(good)])
        self._asking.send(commands.Stop(), reply_timeout_s=5.0)
        self._peer.recv_multipart()
        return ""

    def _published(self, m: Mutator) -> str:
        topic, sample = m.draw.choice(
            (
                (STATE, self._status),
                (EVENT, EVENT_SAMPLE),
                (OBSERVATION, observation()),
                ("preview/front", PREVIEW_SAMPLE),
            )
        )
        parts = [topic.encode(), _packed(m, sample), b"\xff\xd8"]
        if m.chance(0.1):
            parts = [m.changed(part) for part in parts[: m.below(4)]]
        read = read_published(parts)
        read.model_dump_json(exclude={"jpeg"})
        if isinstance(read, PolicyObservation):
            read.seen({})
        return ""

    def _news_of_child(self, m: Mutator) -> str:
        """A child of another version is passed over, and the next message is heard."""
        content = [None, m.draw.choice(DEVICE_SAMPLES)]
        self._child.send(_packed(m, content))
        self._child.send(pack_plain([None, {"kind": "failed", "error": "the next"}]))
        heard = [each.message for each in self._news.receive(200)]
        for each in heard:
            if isinstance(each, Moved):
                _ = each.twist
        if not heard or getattr(heard[-1], "error", "") != "the next":
            raise Accepted("what followed was not heard")
        return ""


def observation() -> Value:
    """What a policy sees, as it is published."""
    frame = SharedFrame(memory="/proc/1/fd/3", slots=4, capacity=99, index=1, height=2, width=2)
    return PolicyObservation(
        time_ns=1,
        phase="recording",
        instruction="pick it up",
        joint_positions_rad=[0.0] * 7,
        joint_velocities_rad_s=[0.0] * 7,
        ee_pose=[1.0 if place % 5 == 0 else 0.0 for place in range(16)],
        gripper_width_m=0.04,
        gripper_opening_m=0.08,
        cameras={name: Calibration.of(each) for name, each in cameras().items()},
        image_time_ns={"front": 1},
        frames={"front": frame},
    ).model_dump()


def _command_parts(m: Mutator, token: str) -> list[bytes]:
    name = m.draw.choice(list(FIELDS))
    lease = token if m.chance(0.7) else None
    sample: Value = {"id": 1, "command": name, "lease": lease, "fields": dict(FIELDS[name])}
    part = _packed(m, sample)
    return [part] if m.chance(0.95) else [part, part]


def _packed(m: Mutator, sample: Value) -> bytes:
    """msgpack of something else, or other bytes."""
    try:
        packed = pack_plain(m.value(sample) if m.chance(0.8) else sample)
    except (ValueError, TypeError, OverflowError, UnicodeEncodeError):
        packed = pack_plain(sample)
    return m.changed(packed) if m.chance(0.25) else packed


SURFACE = StationLines
