"""Publishes pictures for the pages: encoded once for all who look, and not at all for nobody."""

import cv2
import zmq

from ...datasets.steps import Image
from ...datasets.takes.jpeg import encode_jpeg
from ...runtime.ipc.ring import Stamp
from ...runtime.ipc.serialization import pack_plain
from .messages import PREVIEW

QUALITY = 80
QUEUE = 4  # pictures; a viewer that lags loses some, and delays nobody
WIDEST = 640


class Previews:
    """A publisher that knows what is subscribed to."""

    def __init__(self, context: zmq.Context, address: str) -> None:
        self._socket = context.socket(zmq.XPUB)
        self._socket.linger, self._socket.sndhwm = 0, QUEUE
        self._socket.bind(address)
        self._topics: set[bytes] = set()

    def watched(self, wait_ms: int = 0) -> bool:
        """Whether anybody looks at any camera; waits so long for news about that. Who wants the
        station's states asks every publisher for them, and looks at nothing."""
        while self._socket.poll(wait_ms):
            message = self._socket.recv()
            change = self._topics.add if message[0] else self._topics.discard
            change(message[1:])
            wait_ms = 0
        every = _topic("")
        return any(each.startswith(every) or every.startswith(each) for each in self._topics)

    def wanted(self, camera: str) -> bool:
        """Whether anybody looks at this camera."""
        topic = _topic(camera)
        return any(topic.startswith(each) for each in self._topics)

    def publish(self, camera: str, stamp: Stamp, image: Image) -> None:
        """Send a picture (height, width, 3), made smaller where it is wide."""
        shown = fitted(image)
        height, width = shown.shape[:2]
        header = {
            "number": stamp.number,
            "time_ns": stamp.time_ns,
            "width": width,
            "height": height,
        }
        jpeg = encode_jpeg(shown, QUALITY, subsampling="420")
        self._socket.send_multipart([_topic(camera), pack_plain(header), jpeg])

    def close(self) -> None:
        self._socket.close(linger=0)


def _topic(camera: str) -> bytes:
    return f"{PREVIEW}{camera}".encode()


def fitted(image: Image) -> Image:
    """The image, scaled down to at most ``WIDEST`` pixels of width; never up."""
    height, width = image.shape[:2]
    if width <= WIDEST:
        return image
    size = WIDEST, round(height * WIDEST / width)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(image.dtype, copy=False)
