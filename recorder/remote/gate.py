"""The gate of a station: lets machines with known keys in, and passes on what they may say.

It is a process beside the station. Encryption, the network and whoever floods it disturb no tick,
and the station itself stays as it is: local sockets for its own user.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import zmq

from ...runtime.disk_errors import in_words
from ...runtime.errors import TeachloopError
from ...runtime.ipc.curve import listen, only_known
from ...runtime.ipc.curve_keys import own_key
from ...runtime.ipc.frames import NotShared, SharedFrames
from ...runtime.ipc.messages import Failed
from ...runtime.ipc.serialization import NotPacked, pack, unpack_plain
from ...runtime.validation import Invalid, StrictModel, validated
from ..station.endpoint import StationError
from ..station.published import OBSERVATION, PolicyObservation, read_published
from .address import StationAddress
from .envelopes import Answered, Asked, NoEnvelope
from .local_station import LocalStation
from .messages import (
    FOR_GATE,
    FOR_STATION,
    GATE_REQUEST,
    PICTURES,
    STATES,
    About,
    Request,
    StartStation,
    StationFacts,
)
from .offered_takes import offered_takes, take_part
from .take_messages import ListTakes, ReadTake

logger = logging.getLogger(__name__)
WAIT_MS = 100
QUEUED_STATES = 200
QUEUED_PICTURES = 4  # a line that is too slow for them loses some, and delays none
QUEUED_ANSWERS = 200
Respond = Callable[[About | StartStation], StationFacts]


class CannotListen(TeachloopError):
    def __init__(self, address: StationAddress, reason: str) -> None:
        super().__init__(
            f"{address} and the two ports behind it cannot be listened on: {reason}. Give an "
            "address of this machine, or tcp://0.0.0.0:PORT for all of them."
        )


class Gate:
    """Three sockets of one thread: requests, states, and pictures."""

    def __init__(self, data: Path, sockets: "GateSockets", respond: Respond) -> None:
        self._requests, self._states, self._pictures = sockets
        self._data, self._respond = data, respond
        self._frames = SharedFrames()
        self._station = LocalStation(data, self._answer, self._publish)

    def run(self, gone: threading.Event) -> None:
        """Serve until ``gone``."""
        try:
            while not gone.is_set():
                self._station.follow()
                self._serve()
        finally:
            self._station.close()

    def _serve(self) -> None:
        calls = {
            self._requests: self._take,
            self._states: lambda: self._station.subscribe(self._states.recv()),
            self._pictures: lambda: self._station.subscribe(self._pictures.recv()),
            **self._station.sockets,
        }
        poller = zmq.Poller()
        for socket in calls:
            poller.register(socket, zmq.POLLIN)
        for socket, _ in poller.poll(WAIT_MS):
            calls[socket]()

    def _take(self) -> None:
        peer, *parts = self._requests.recv_multipart()
        try:
            asked = Asked.of(parts)
            if asked.whom == FOR_STATION:
                self._station.ask(peer, asked)
            elif asked.whom == FOR_GATE:
                request = validated(GATE_REQUEST, unpack_plain(asked.payload), "request")
                self._answer(peer, Answered(asked.number, pack(self._reply(request))))
        except (NoEnvelope, NotPacked, Invalid) as error:
            logger.warning("A machine that is known sent what is not understood: %s", error)

    def _reply(self, request: Request) -> StrictModel:
        try:
            if isinstance(request, ListTakes):
                return offered_takes(self._data)
            if isinstance(request, ReadTake):
                return take_part(self._data, request)
        except (TeachloopError, OSError) as error:
            return Failed(error=in_words(error, "It cannot be read"))
        return self._respond(request)

    def _answer(self, peer: bytes, answer: Answered) -> None:
        self._requests.send_multipart([peer, *answer.parts], zmq.NOBLOCK)

    def _publish(self, parts: list[bytes]) -> None:
        topic = parts[0].decode("utf-8", "replace")
        if topic == OBSERVATION:
            self._show(parts)
        elif len(parts) > 2:
            self._pictures.send_multipart(parts, zmq.NOBLOCK)
        else:
            self._states.send_multipart(parts, zmq.NOBLOCK)

    def _show(self, parts: list[bytes]) -> None:
        """An observation, with the pixels of its frames behind it; not where one was overwritten
        before it could be read."""
        try:
            seen = read_published(parts)
            assert isinstance(seen, PolicyObservation), "its topic says so"
            images = [self._frames.read(frame) for frame in seen.frames.values()]
        except (StationError, NotShared) as error:
            logger.warning("%s", error)
            return
        pixels = [image.tobytes() for image in images if image is not None]
        if len(pixels) == len(images):
            self._pictures.send_multipart([*parts, *pixels], zmq.NOBLOCK, copy=False)


GateSockets = tuple[zmq.Socket[bytes], zmq.Socket[bytes], zmq.Socket[bytes]]


@contextmanager
def gate_sockets(address: StationAddress, keys: Path) -> Iterator[GateSockets]:
    """Listening, for those in the folder of keys alone. Raises CannotListen, BadKey."""
    own = own_key(keys)
    context = zmq.Context()
    kinds = (
        (zmq.ROUTER, 0, QUEUED_ANSWERS),
        (zmq.XPUB, STATES, QUEUED_STATES),
        (zmq.XPUB, PICTURES, QUEUED_PICTURES),
    )
    try:
        with only_known(context, keys):
            sockets: list[zmq.Socket[bytes]] = []
            for kind, offset, queued in kinds:
                socket = context.socket(kind)
                socket.sndhwm = queued
                sockets.append(listen(socket, own, address.at(offset)))
            requests, states, pictures = sockets
            yield requests, states, pictures
            for socket in sockets:
                socket.close(linger=0)
    except zmq.ZMQError as error:
        raise CannotListen(address, error.strerror or str(error)) from error
    finally:
        context.destroy(linger=0)
