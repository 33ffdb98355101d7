"""Messages between a process and its child: msgpack over a local socket."""

import logging
from collections.abc import Iterator
from typing import Generic, TypeVar

import zmq
from pydantic import BaseModel, TypeAdapter

from ..validation import Invalid, validated
from .messages import Envelope
from .serialization import NotPacked, pack_plain, unpack_plain

logger = logging.getLogger(__name__)
QUEUE = 2000  # messages; far more than a writer that keeps its bars ever lags
CONNECT_MS = 30_000  # for the parent, which is already waiting

Heard = TypeVar("Heard")
_ENVELOPE: TypeAdapter[tuple[int | None, object]] = TypeAdapter(tuple[int | None, object])


def opened(data: bytes, heard: TypeAdapter[Heard]) -> Envelope[Heard] | None:
    """A message in its envelope; None, which is logged, where another version of this program at
    the other end says what is not understood."""
    try:
        ref, message = validated(_ENVELOPE, unpack_plain(data), "envelope")
        return Envelope(validated(heard, message, "message"), ref)
    except (NotPacked, Invalid) as error:
        logger.error("Not understood: %s", error)
        return None


class Channel(Generic[Heard]):
    """One end of a line between two processes. Sending never waits."""

    def __init__(self, socket: "zmq.Socket[bytes]", heard: TypeAdapter[Heard]) -> None:
        self.socket = socket
        self._heard = heard

    @classmethod
    def listen(
        cls, context: zmq.Context, address: str, heard: TypeAdapter[Heard]
    ) -> "Channel[Heard]":
        """The child's end; returns when the parent is there, or what is said first would be
        lost."""
        socket = _dealer(context)
        socket.bind(address)
        socket.poll(CONNECT_MS, zmq.POLLOUT)
        return cls(socket, heard)

    @classmethod
    def connect(
        cls, context: zmq.Context, address: str, heard: TypeAdapter[Heard]
    ) -> "Channel[Heard]":
        """The parent's end; what is sent before the child listens waits for it."""
        socket = _dealer(context)
        socket.connect(address)
        return cls(socket, heard)

    def send(self, message: BaseModel, ref: int | None = None) -> bool:
        """Send; False where the other end has stopped reading."""
        try:
            self.socket.send(pack_plain([ref, message.model_dump()]), zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def receive(self, wait_ms: int = 0) -> Iterator[Envelope[Heard]]:
        """All messages that are here, after waiting at most ``wait_ms`` for the first."""
        if wait_ms and not self.socket.poll(wait_ms):
            return
        while True:
            try:
                envelope = opened(self.socket.recv(zmq.NOBLOCK), self._heard)
            except zmq.Again:
                return
            if envelope is not None:
                yield envelope

    def close(self) -> None:
        self.socket.close(linger=0)


def _dealer(context: zmq.Context) -> "zmq.Socket[bytes]":
    socket = context.socket(zmq.DEALER)
    socket.linger, socket.sndhwm, socket.rcvhwm = 0, QUEUE, QUEUE
    return socket
