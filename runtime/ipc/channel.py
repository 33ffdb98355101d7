"""Messages between the station's loop and one of its processes: msgpack over a local socket."""

from collections.abc import Iterator
from typing import Any

import msgpack
import zmq

from .serialization import pack

QUEUE = 2000  # messages; far more than a writer that keeps its bars ever lags
CONNECT_MS = 30_000  # for the loop, which is already waiting


class Channel:
    """One end of a line between two processes. Sending never waits."""

    def __init__(self, socket: "zmq.Socket[bytes]") -> None:
        self.socket = socket

    @classmethod
    def listen(cls, context: "zmq.Context[Any]", address: str) -> "Channel":
        """The child's end; returns when the loop is there, or what is said first would be lost."""
        channel = cls._open(context, address, bind=True)
        channel.socket.poll(CONNECT_MS, zmq.POLLOUT)
        return channel

    @classmethod
    def connect(cls, context: "zmq.Context[Any]", address: str) -> "Channel":
        """The loop's end; what is sent before the child listens waits for it."""
        return cls._open(context, address, bind=False)

    @classmethod
    def _open(cls, context: "zmq.Context[Any]", address: str, *, bind: bool) -> "Channel":
        socket = context.socket(zmq.DEALER)
        socket.linger, socket.sndhwm, socket.rcvhwm = 0, QUEUE, QUEUE
        (socket.bind if bind else socket.connect)(address)
        return cls(socket)

    def send(self, message: dict[str, Any]) -> bool:
        """Send; False where the other end has stopped reading."""
        try:
            self.socket.send(pack(message), zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def receive(self, wait_ms: int = 0) -> Iterator[dict[str, Any]]:
        """All messages that are here, after waiting at most ``wait_ms`` for the first."""
        if wait_ms and not self.socket.poll(wait_ms):
            return
        while True:
            try:
                yield msgpack.unpackb(self.socket.recv(zmq.NOBLOCK))
            except zmq.Again:
                return

    def close(self) -> None:
        self.socket.close(linger=0)
