"""A test camera without simulator or device: moving content, stamped with number and time.

Each frame carries its number and its time as black and white blocks in the top rows, so that
a recording can be checked frame by frame, also after JPEG.
"""

import time

import numpy as np

from ..datasets.steps import Image

WIDTH, HEIGHT, RATE_HZ = 640, 480, 30.0
_BLOCK = 10  # pixels of a side; one bit each
_BITS = 64


class SyntheticCamera:
    """640×480 RGB at 30 frames a second of the host's monotonic clock."""

    def __init__(self, rate_hz: float = RATE_HZ) -> None:
        self.rate_hz = rate_hz
        self._start_ns = time.monotonic_ns()
        self._rows, self._columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.uint16)

    def number_at(self, time_ns: int) -> int:
        """The number of the newest frame at that time; −1 before the first."""
        return int((time_ns - self._start_ns) * self.rate_hz // 1_000_000_000)

    def time_of(self, number: int) -> int:
        """When the frame is due, in ns of the monotonic clock."""
        return self._start_ns + -int(-number * 1_000_000_000 // self.rate_hz)

    def frame(self, number: int) -> Image:
        """The frame of that number, (480, 640, 3); the same for the same number and start."""
        image = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        image[..., 0] = self._columns // 3 + 2 * number
        image[..., 1] = self._rows // 2 + number
        image[..., 2] = 96
        x, y = _bounce(5 * number, WIDTH - 60), _bounce(3 * number, HEIGHT - 100) + 40
        image[y : y + 60, x : x + 60] = (240, 200, 40)
        _stamp(image, 0, number)
        _stamp(image, _BLOCK, self.time_of(number))
        return image

    def wait_for(self, number: int) -> Image:
        """Sleep until the frame is due, and return it."""
        time.sleep(max(0.0, (self.time_of(number) - time.monotonic_ns()) / 1e9))
        return self.frame(number)


def read_stamp(image: Image) -> tuple[int, int]:
    """The frame's number and time in ns, read from its top rows."""
    return _read(image, 0), _read(image, _BLOCK)


def _bounce(distance: int, span: int) -> int:
    return span - abs(distance % (2 * span) - span)


def _stamp(image: Image, row: int, value: int) -> None:
    bits = np.array([value >> bit & 1 for bit in range(_BITS)], np.uint8)
    image[row : row + _BLOCK] = np.repeat(255 * bits, WIDTH // _BITS)[None, :, None]


def _read(image: Image, row: int) -> int:
    middle = image[row + _BLOCK // 2, _BLOCK // 2 :: WIDTH // _BITS].mean(-1) > 127
    return sum(1 << bit for bit, on in enumerate(middle) if on)
