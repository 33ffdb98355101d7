"""Pictures in which nobody can be told by the face."""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from ..steps import Image
from ..takes.jpeg import encode_jpeg
from ..takes.pictures import PictureFilter, Pictures, as_recorded
from .face_finder import Boxes, FindFaces, face_finder

LARGER = 1.4  # hidden, than what was found: hair and ears, too
GRAINS = 4  # a side: what is left of a face
NEAR = 5  # frames before and after, in which a face that is missed once is found


def picture_filter(*, hide_faces: bool) -> PictureFilter:
    """As pictures are to be exported. Raises NoFaceFinder."""
    return without_faces(face_finder()) if hide_faces else as_recorded


def without_faces(find: FindFaces) -> PictureFilter:
    return lambda pictures: FacelessPictures(pictures, find)


class FacelessPictures:
    """What was found in a frame, or shortly before or after it, is hidden."""

    def __init__(self, pictures: Pictures, find: FindFaces) -> None:
        self._pictures, self._find = pictures, find
        self._looked_at: dict[int, tuple[Image, Boxes]] = {}  # by index, of those that are near

    def jpeg(self, index: int) -> bytes:
        return encode_jpeg(self.image(index))

    def image(self, index: int) -> Image:
        image, _ = self._look_at(index)
        near = range(index - NEAR, index + NEAR + 1)
        self._looked_at = {at: looked for at in near if (looked := self._look_if_there(at))}
        return hidden(image, np.concatenate([boxes for _, boxes in self._looked_at.values()]))

    def image_at_least(self, index: int, height: int, width: int) -> Image:
        return self.image(index)

    def require_whole(self, index: int) -> None:
        self._pictures.require_whole(index)

    def _look_if_there(self, index: int) -> tuple[Image, Boxes] | None:
        try:
            return self._look_at(index)
        except IndexError:
            return None

    def _look_at(self, index: int) -> tuple[Image, Boxes]:
        if index not in self._looked_at:
            image = self._pictures.image(index)
            self._looked_at[index] = image, self._find(image)
        return self._looked_at[index]


def hidden(image: Image, boxes: Iterable[NDArray[np.float64]]) -> Image:
    """An image (height, width, 3) with an ellipse of a few colours around each of the boxes."""
    shown = image.copy()
    for box in boxes:
        _hide(shown, box)
    return shown


def _hide(image: Image, box: NDArray[np.float64]) -> None:
    centre, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2 * LARGER
    if (half <= 0).any():
        return
    size = np.array(image.shape[1::-1])
    left, top = np.clip(np.floor(centre - half), 0, size).astype(int)
    right, bottom = np.clip(np.ceil(centre + half), 0, size).astype(int)
    part = image[top:bottom, left:right]
    if not part.size:
        return
    few = cv2.resize(part, (GRAINS, GRAINS), interpolation=cv2.INTER_AREA)
    rows, columns = np.ogrid[top:bottom, left:right]
    x, y = (columns + 0.5 - centre[0]) / half[0], (rows + 0.5 - centre[1]) / half[1]
    inside = x**2 + y**2 <= 1
    part[inside] = cv2.resize(few, part.shape[1::-1], interpolation=cv2.INTER_LINEAR)[inside]
