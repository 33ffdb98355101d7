"""Publishes pictures for the pages: encoded once for all who look, and not at all for nobody."""

from typing import Any

import zmq

from ...datasets.takes.jpeg import encode_jpeg
from ...runtime.ipc.serialization import pack_plain as pack
from .interfaces import Frame

QUALITY = 80
QUEUE = 4  # pictures; a viewer that lags loses some, and delays nobody


class Previews:
    """A publisher that knows what is subscribed to."""

    def __init__(self, context: "zmq.Context[Any]", address: str) -> None:
        self._socket = context.socket(zmq.XPUB)
        self._socket.linger, self._socket.sndhwm = 0, QUEUE
        self._socket.bind(address)
        self._topics: set[bytes] = set()

    @property
    def watched(self) -> bool:
        """Whether anybody looks at any camera."""
        self._note_subscribers()
        return bool(self._topics)

    def publish(self, frame: Frame) -> None:
        """Send the frame to everybody who subscribed to its camera."""
        topic = f"preview/{frame.camera}".encode()
        self._note_subscribers()
        if not any(topic.startswith(wanted) for wanted in self._topics):
            return
        height, width = frame.preview.shape[:2]
        header = {
            "number": frame.number,
            "time_ns": frame.time_ns,
            "width": width,
            "height": height,
        }
        jpeg = encode_jpeg(frame.preview, QUALITY, subsampling="420")
        self._socket.send_multipart([topic, pack(header), jpeg])

    def _note_subscribers(self) -> None:
        while self._socket.poll(0):
            message = self._socket.recv()
            change = self._topics.add if message[0] else self._topics.discard
            change(message[1:])

    def close(self) -> None:
        self._socket.close(linger=0)
