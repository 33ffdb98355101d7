"""The pictures of an episode, tick by tick, in the size that its data set has."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from ...alignment import Ints
from ...takes.jpeg import encode_jpeg
from ...takes.reader import Take
from .plan import Size

Image = NDArray[np.uint8]


def pictures_at(take: Take, camera: str, frames: Ints, size: Size) -> Iterator[Image]:
    """RGB (height, width, 3) of each of ``frames`` (T,), of which one is held at a time; one that
    is shown again is not decoded again."""
    shown, image = -1, np.zeros((0, 0, 3), np.uint8)
    for index in frames.tolist():
        if index != shown:
            shown, image = index, _picture(take, camera, index, size)
        yield image


def jpegs_at(take: Take, camera: str, frames: Ints, size: Size) -> Iterator[bytes]:
    """The same pictures as JPEG: the take's own where they have the size."""
    shown, jpeg = -1, b""
    for index in frames.tolist():
        if index != shown:
            shown, jpeg = index, _jpeg(take, camera, index, size)
        yield jpeg


def _jpeg(take: Take, camera: str, index: int, size: Size) -> bytes:
    known = take.info.cameras[camera]
    if (known.height, known.width) == size:
        return take.jpeg(camera, index)
    return encode_jpeg(_picture(take, camera, index, size))


def _picture(take: Take, camera: str, index: int, size: Size) -> Image:
    height, width = size
    image = take.image_at_least(camera, index, height, width)
    if image.shape[:2] == size:
        return image
    smaller = height * width < image.shape[0] * image.shape[1]
    way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return cv2.resize(image, (width, height), interpolation=way).astype(np.uint8, copy=False)
