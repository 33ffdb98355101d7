"""The line to a station on another machine: here it looks like a station of this machine.

Commands of local clients go over it, what the station publishes comes back, and whoever asks
while it is cut is told so at once.
"""

import contextlib
import itertools
import logging
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

import zmq

from ...runtime.errors import TeachloopError
from ...runtime.ipc.curve import connect
from ...runtime.ipc.curve_keys import key_of, own_key
from ...runtime.ipc.serialization import pack, pack_plain
from ..devices.messages import PREVIEW
from ..station.endpoint import Endpoint, StationError
from ..station.messages import AnswerMessage
from ..station.published import (
    EVENT,
    OBSERVATION,
    STATE,
    Event,
    PolicyObservation,
    Preview,
    Published,
    read_published,
)
from ..station.status import Status
from .address import StationAddress
from .envelopes import Answered, Asked, NoEnvelope
from .messages import (
    FOR_GATE,
    FOR_STATION,
    PICTURES,
    STATES,
    STOPS,
    About,
    StationFacts,
    command_map,
    reply_from,
    whole_number,
)
from .retelling import Retelling

logger = logging.getLogger(__name__)
SILENT_S = 1.0
WAIT_MS = 100
QUEUE = 200
INQUIRE_S = 2.0
HEARD_AGAIN = "The station is heard again."


class StationEnded(TeachloopError):
    """The other machine answers, and says that its station does not run."""

    def __init__(self, facts: StationFacts) -> None:
        super().__init__(f"The station on {facts.host} does not run{facts.ended}")


class Line:
    """One thread's sockets: three local ones of a station, and two of the other machine's gate."""

    def __init__(self, address: StationAddress, keys: Path, endpoint: Endpoint) -> None:
        self._address = address
        own, server = own_key(keys), key_of(keys, address.host)
        self._near, self._far = zmq.Context(), zmq.Context()
        self._commands = _bound(self._near, zmq.ROUTER, endpoint.command)
        self._publish = _bound(self._near, zmq.XPUB, endpoint.publish)
        self._preview = _bound(self._near, zmq.XPUB, endpoint.preview)
        self._gate = connect(self._far.socket(zmq.DEALER), own, server, address.at())
        self._heard = self._far.socket(zmq.XSUB)
        self._heard.rcvhwm = QUEUE
        for offset in (STATES, PICTURES):
            connect(self._heard, own, server, address.at(offset))
        self._retelling = Retelling()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[bytes, int | None]] = {}
        self._station_ns = 0  # the newest time that was heard of the other machine's clock
        self._spoke = self._inquired = 0.0
        self._inquiry = 0
        self._said: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self._silent = True

    def run(self, stopping: list[int]) -> None:
        """Pass on what comes until there is a signal's number in ``stopping``. Raises
        StationEnded."""
        for topic in (STATE, EVENT):
            self._heard.send(b"\x01" + topic.encode())
        calls: dict[zmq.Socket[bytes], Callable[[], None]] = {
            self._commands: self._ask,
            self._gate: self._answer,
            self._heard: self._tell,
            self._publish: lambda: self._heard.send(self._publish.recv()),
            self._preview: lambda: self._heard.send(self._preview.recv()),
        }
        poller = zmq.Poller()
        for socket in calls:
            poller.register(socket, zmq.POLLIN)
        while not stopping:
            for socket, _ in poller.poll(WAIT_MS):
                calls[socket]()
            while not self._said.empty():
                self._tell_event(*self._said.get())
            self._watch()

    def say(self, kind: str, text: str) -> None:
        """An event of our own; any thread may."""
        self._said.put((kind, text))

    def close(self) -> None:
        for context in (self._near, self._far):
            context.destroy(linger=0)

    def _ask(self) -> None:
        client, *parts = self._commands.recv_multipart()
        message = command_map(parts[0]) if len(parts) == 1 else {}
        command, number = message.get("command"), whole_number(message.get("id"))
        if self._silent and command not in STOPS:
            self._refuse(client, number, self._cut)
        elif command == "chunk" and not self._own_time(message):
            self._refuse(client, number, "The chunk is about an observation of long ago.")
        else:
            self._send(client, number, pack_plain(message))

    def _own_time(self, chunk: dict[str, object]) -> bool:
        """Give a chunk the time that its observation had on the other machine, if it is known."""
        fields = chunk.get("fields")
        if not isinstance(fields, dict):
            return False
        origin_ns = self._retelling.origin_ns(whole_number(fields.get("time_ns")) or 0)
        chunk["fields"] = {**fields, "time_ns": origin_ns}
        return origin_ns is not None

    def _send(self, client: bytes, id: int | None, payload: bytes) -> None:
        number = next(self._numbers)
        asked = Asked(FOR_STATION, number, self._station_ns, payload)
        try:
            self._gate.send_multipart(asked.parts, zmq.NOBLOCK)
            self._waiting[number] = client, id
        except zmq.Again:
            self._refuse(client, id, self._cut)

    def _answer(self) -> None:
        try:
            answer = Answered.of(self._gate.recv_multipart())
        except NoEnvelope as error:
            logger.warning("%s", error)
            return
        if answer.number == self._inquiry:
            self._learn(reply_from(answer.payload, StationFacts))
        client, _ = self._waiting.pop(answer.number, (b"", None))
        if client:
            self._commands.send_multipart([client, answer.payload], zmq.NOBLOCK)

    def _refuse(self, client: bytes, id: int | None, error: str) -> None:
        answer = pack(AnswerMessage(id=id, ok=False, error=error))
        self._commands.send_multipart([client, answer], zmq.NOBLOCK)

    @property
    def _cut(self) -> str:
        return (
            f"Nothing is heard of the station at {self._address}. It holds the robot by itself; "
            "what is asked of it now does not reach it."
        )

    def _watch(self) -> None:
        """Say once when the station falls silent, and once when it is heard again."""
        silent = time.monotonic() - self._spoke > SILENT_S
        if silent and not self._silent:
            for client, id in self._waiting.values():
                self._refuse(client, id, self._cut)
            self._waiting.clear()
        if silent != self._silent:
            text = self._cut if silent else HEARD_AGAIN
            kind = "warning" if silent else "link"
            self._silent = silent
            self._tell_event(kind, text)
        if silent and time.monotonic() - self._inquired > INQUIRE_S:
            self._inquire()

    def _inquire(self) -> None:
        """Ask the gate, which may still be there, how the station is."""
        self._inquired, self._inquiry = time.monotonic(), next(self._numbers)
        asked = Asked(FOR_GATE, self._inquiry, 0, pack(About()))
        with contextlib.suppress(zmq.Again):
            self._gate.send_multipart(asked.parts, zmq.NOBLOCK)

    def _learn(self, facts: StationFacts) -> None:
        if not facts.running:
            raise StationEnded(facts)

    def _tell(self) -> None:
        parts = self._heard.recv_multipart()
        try:
            topic, content, *pixels = parts
            shown = pixels if topic.startswith(PREVIEW.encode()) else []
            self._retell(read_published([topic, content, *shown]), pixels)
        except (StationError, ValueError) as error:
            logger.warning("%s", error)

    def _retell(self, message: Published, pixels: list[bytes]) -> None:
        now = {"time_ns": time.monotonic_ns()}
        if isinstance(message, Status):
            self._spoke, self._station_ns = time.monotonic(), message.time_ns
            self._out(STATE, pack(message.model_copy(update=now)))
        elif isinstance(message, Event):
            self._out(EVENT, pack(message.model_copy(update=now)))
        elif isinstance(message, Preview):
            header = message.model_copy(update=now).model_dump(exclude={"camera", "jpeg"})
            self._out(f"{PREVIEW}{message.camera}", pack_plain(header), message.jpeg)
        elif isinstance(message, PolicyObservation):
            self._out(OBSERVATION, pack(self._retelling.observation(message, pixels)))

    def _tell_event(self, kind: str, text: str) -> None:
        self._out(EVENT, pack(Event(time_ns=time.monotonic_ns(), kind=kind, text=text)))

    def _out(self, topic: str, *parts: bytes) -> None:
        socket = self._preview if topic.startswith(PREVIEW) else self._publish
        socket.send_multipart([topic.encode(), *parts], zmq.NOBLOCK)


def _bound(context: zmq.Context, kind: int, address: str) -> "zmq.Socket[bytes]":
    socket = context.socket(kind)
    socket.linger, socket.sndhwm = 0, QUEUE
    socket.bind(address)
    return socket
