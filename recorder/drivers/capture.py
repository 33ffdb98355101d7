"""Pictures by OpenCV, from a camera or a file, read by a thread of their own."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np

from ...datasets.errors import WrongRecord
from ...datasets.steps import Image
from ...datasets.takes.jpeg import decode_jpeg, encode_jpeg
from ...runtime.errors import TeachloopError
from .mjpeg import FILLED, decode_filled, whole_jpeg


class NoPictures(TeachloopError):
    """A camera or a file that gives none, or others than are asked for."""


class Picture(NamedTuple):
    """One picture, and what it was where it came compressed."""

    image: Image  # (height, width, 3)
    jpeg: bytes | None = None


def picture_of(read: Image, *, jpeg: bool) -> Picture:
    """Of what OpenCV read; ``jpeg``: it was asked to leave it compressed. Raises NoPictures where
    it is not, WrongRecord of a torn one."""
    if not jpeg:
        return Picture(np.asarray(cv2.cvtColor(read, cv2.COLOR_BGR2RGB), np.uint8))
    if len(read) != 1:
        raise NoPictures("There are no JPEG pictures in it: leave `jpeg` out.")
    payload = whole_jpeg(read)
    try:
        return Picture(decode_jpeg(payload), payload)
    except WrongRecord as error:
        if FILLED not in str(error):
            raise
        payload = encode_jpeg(decode_filled(payload))  # which nobody else might read
        return Picture(decode_jpeg(payload), payload)


class Reading:
    """Calls ``work`` again and again from a thread, until it is left."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self._work = work
        self._gone = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends it, and waits until the last turn is over."""
        self._gone.set()
        if self._thread.is_alive():
            self._thread.join()

    def rest(self, until: float) -> None:
        """Until a time of ``time.monotonic``, or until it is left."""
        self._gone.wait(max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        while not self._gone.is_set():
            self._work()
