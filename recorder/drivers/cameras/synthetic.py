"""A test camera: pictures for measuring, not for learning.

A moving bar over colour, and the frame's number as a row of black and white squares that
``frame_number`` reads back.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ....datasets.steps import Image
from ....geometry.camera import Camera
from ....runtime.described import DescribedModel
from ...devices.camera_shape import CameraShape
from ...devices.interfaces import FrameSink, ProcessContext
from ..drawn_frames import Drawn, DrawnFrames

_BITS, _SIDE = 24, 16
_DIFFERENT = 7  # frames of noise; so that they do not keep time with the bar


class SyntheticCamera:
    """Frames on an absolute schedule, numbered; one that could not be had in time is lost."""

    class Settings(DescribedModel):
        hue: int = Field(default=128, ge=0, le=255)
        """Blue of the ground, by which cameras are told apart."""
        noise: float = Field(default=0.0, ge=0, le=50, title="Noise, of 255")
        """Standard deviation of a sensor's noise, which makes pictures as hard to compress as real
        ones; of depth, in mm."""

    def __init__(
        self, name: str, shape: CameraShape, settings: Settings, context: ProcessContext
    ) -> None:
        self.name, self._shape = name, shape
        self.calibration = _nominal(name, shape)
        self._frames = DrawnFrames(name, shape.fps, self._drawn)
        rows, columns = np.mgrid[: shape.height, : shape.width]
        ground = np.stack([columns % 256, rows % 256, np.full_like(rows, settings.hue)], -1)
        self._ground = ground.astype(np.uint8)
        self._noise = _noise(settings.noise, shape) if settings.noise else ()

    def __enter__(self) -> "SyntheticCamera":
        return self

    def __exit__(self, *error: object) -> None:
        self._frames.stop()

    def stream(self, sink: FrameSink) -> None:
        self._frames.start(sink)

    def _drawn(self, number: int) -> Drawn:
        depth_mm = self._ground[..., 0].astype(np.int16) if self._shape.depth else None
        image = self._draw(number)
        if self._noise:
            noise = self._noise[number % len(self._noise)]
            image = cv2.add(image, noise, dtype=cv2.CV_8U).astype(np.uint8, copy=False)
            depth_mm = None if depth_mm is None else np.abs(depth_mm + noise[..., 0])
        return Drawn(image, None if depth_mm is None else depth_mm.astype(np.uint16))

    def _draw(self, number: int) -> Image:
        image = self._ground.copy()
        left = number * 8 % self._shape.width
        image[:, left : left + 24] = (255, 255, 255)
        for bit in range(_BITS):
            square = image[:_SIDE, bit * _SIDE : (bit + 1) * _SIDE]
            square[:] = 255 if number >> bit & 1 else 0
        return image


def _noise(deviation: float, shape: CameraShape) -> Sequence[NDArray[np.int16]]:
    """(height, width, 3) of a few frames, for drawing it takes long."""
    rng = np.random.default_rng(0)
    size = (_DIFFERENT, shape.height, shape.width, 3)
    return [*rng.normal(0, deviation, size).round().astype(np.int16)]


def frame_number(image: Image) -> int:
    """The number that is drawn into a synthetic image, also after JPEG."""
    squares = image[_SIDE // 2, _SIDE // 2 : _BITS * _SIDE : _SIDE].mean(-1) > 127
    return sum(1 << bit for bit, white in enumerate(squares) if white)


def _nominal(name: str, shape: CameraShape) -> Camera:
    focal = 600.0 * shape.width / 640
    centre = shape.width / 2, shape.height / 2
    intrinsics = np.array([[focal, 0, centre[0]], [0, focal, centre[1]], [0, 0, 1]])
    return Camera(
        name=name,
        width=shape.width,
        height=shape.height,
        intrinsics=intrinsics,
        mount="base",
        pose=np.eye(4),
        measures_depth=shape.depth,
    )


Driver = SyntheticCamera
