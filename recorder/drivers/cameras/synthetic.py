"""A test camera: pictures for measuring, not for learning.

A moving bar over colour, and the frame's number as a row of black and white squares that
``frame_number`` reads back.
"""

import numpy as np
from pydantic import Field

from ....datasets.steps import Image
from ....datasets.takes.depth import Depth
from ....geometry.camera import Camera
from ....runtime.described import DescribedModel
from ...devices.camera_shape import CameraShape
from ...devices.interfaces import FrameSink, ProcessContext
from ..drawn_frames import DrawnFrames

_BITS, _SIDE = 24, 16


class SyntheticCamera:
    """Frames on an absolute schedule, numbered; one that could not be had in time is lost."""

    class Settings(DescribedModel):
        hue: int = Field(default=128, ge=0, le=255)
        """Blue of the ground, by which cameras are told apart."""

    def __init__(
        self, name: str, shape: CameraShape, settings: Settings, context: ProcessContext
    ) -> None:
        self.name, self._shape = name, shape
        self.calibration = _nominal(name, shape)
        self._frames = DrawnFrames(name, shape.fps, self._drawn)
        rows, columns = np.mgrid[: shape.height, : shape.width]
        ground = np.stack([columns % 256, rows % 256, np.full_like(rows, settings.hue)], -1)
        self._ground = ground.astype(np.uint8)

    def __enter__(self) -> "SyntheticCamera":
        return self

    def __exit__(self, *error: object) -> None:
        self._frames.stop()

    def stream(self, sink: FrameSink) -> None:
        self._frames.start(sink)

    def _drawn(self, number: int) -> tuple[Image, Depth | None]:
        depth_mm = self._ground[..., 0].astype(np.uint16) if self._shape.depth else None
        return self._draw(number), depth_mm

    def _draw(self, number: int) -> Image:
        image = self._ground.copy()
        left = number * 8 % self._shape.width
        image[:, left : left + 24] = (255, 255, 255)
        for bit in range(_BITS):
            square = image[:_SIDE, bit * _SIDE : (bit + 1) * _SIDE]
            square[:] = 255 if number >> bit & 1 else 0
        return image


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
