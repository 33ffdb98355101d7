"""The gate's side of the station that runs on the same machine, through all its restarts."""

import itertools
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import zmq

from ...runtime.ipc.serialization import pack, pack_plain
from ..station.endpoint import Endpoint, StationAway, read_endpoint
from ..station.messages import AnswerMessage
from .envelopes import Answered, Asked
from .messages import STOPS, command_map, whole_number

LOOK_NS = 200_000_000
WAITING = 1000  # commands without an answer that are remembered
LATE_NS = 1_000_000_000
ENDED = "The station ended before it answered."
AWAY = "The station's process does not run there, or hears nothing."
Answer = Callable[[bytes, Answered], None]  # to whom, and what


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who waits for the answer to a command, and under which numbers."""

    peer: bytes
    number: int
    id: int | None


class LocalStation:
    """Passes commands on, answers back, and what is published by whatever is subscribed to."""

    def __init__(self, data: Path, answer: Answer, publish: Callable[[list[bytes]], None]) -> None:
        self._data, self._answer, self._publish = data, answer, publish
        self._context = zmq.Context()
        self._endpoint: Endpoint | None = None
        self._commands: zmq.Socket[bytes] | None = None
        self._published: zmq.Socket[bytes] | None = None
        self._topics: set[bytes] = set()
        self._numbers = itertools.count(1)
        self._waiting: OrderedDict[int, _Asker] = OrderedDict()
        self._looked_ns = 0

    @property
    def sockets(self) -> dict["zmq.Socket[bytes]", Callable[[], None]]:
        """What to do about those that have news."""
        if self._commands is None or self._published is None:
            return {}
        return {self._commands: self._hear, self._published: self._pass_on}

    def follow(self) -> None:
        """Find the station that runs now; to be called again and again."""
        if time.monotonic_ns() - self._looked_ns < LOOK_NS:
            return
        self._looked_ns = time.monotonic_ns()
        try:
            found = read_endpoint(self._data)
        except StationAway:
            found = None
        if found != self._endpoint:
            self._disconnect()
            self._endpoint = found
            if found is not None:
                self._connect(found)

    def subscribe(self, change: bytes) -> None:
        """A subscription as it comes from an XPUB: 1 or 0, then the topic. What a machine may send
        there beside is nothing."""
        if change[:1] not in (b"\0", b"\1"):
            return
        (self._topics.add if change[0] else self._topics.discard)(change[1:])
        if self._published is not None:
            self._published.send(change)

    def ask(self, peer: bytes, asked: Asked) -> None:
        """Pass a command on. One that comes too late is refused: nobody wants it any more."""
        message = command_map(asked.payload)
        asker = _Asker(peer, asked.number, whole_number(message.get("id")))
        late_ns = time.monotonic_ns() - asked.heard_ns
        if late_ns > LATE_NS and message.get("command") not in STOPS:
            self._refuse(asker, _too_late(late_ns))
        else:
            self._send(message, asker)

    def _send(self, message: dict[str, object], asker: _Asker) -> None:
        if self._commands is None or not self._commands.poll(0, zmq.POLLOUT):
            self._refuse(asker, AWAY)
            return
        number = next(self._numbers)
        self._commands.send(pack_plain({**message, "id": number}))
        self._waiting[number] = asker
        if len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)

    def _hear(self) -> None:
        assert self._commands is not None, "nothing is heard of a closed socket"
        answer = command_map(self._commands.recv())
        asker = self._waiting.pop(whole_number(answer.get("id")) or 0, None)
        if asker is not None:
            payload = pack_plain({**answer, "id": asker.id})
            self._answer(asker.peer, Answered(asker.number, payload))

    def _pass_on(self) -> None:
        assert self._published is not None, "nothing is published through a closed socket"
        self._publish(self._published.recv_multipart())

    def _refuse(self, asker: _Asker, error: str) -> None:
        answer = AnswerMessage(id=asker.id, ok=False, error=error)
        self._answer(asker.peer, Answered(asker.number, pack(answer)))

    def _connect(self, endpoint: Endpoint) -> None:
        self._commands = self._context.socket(zmq.DEALER)
        self._commands.connect(endpoint.command)
        self._published = self._context.socket(zmq.XSUB)
        for address in (endpoint.publish, endpoint.preview):
            self._published.connect(address)
        for topic in self._topics:
            self._published.send(b"\x01" + topic)

    def _disconnect(self) -> None:
        for socket in (self._commands, self._published):
            if socket is not None:
                socket.close(linger=0)
        self._commands = self._published = None
        while self._waiting:
            self._refuse(self._waiting.popitem()[1], ENDED)

    def close(self) -> None:
        self._context.destroy(linger=0)


def _too_late(late_ns: int) -> str:
    return (
        f"That came {late_ns / 1e9:.1f} s late over the network, and was not done. "
        "Look at the robot, and ask again."
    )
