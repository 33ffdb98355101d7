"""What people draw by hand: a brush, an eraser and polygons say of each pixel that they cover
whether it is part of the object.

A stroke is kept as a prompt. Whatever becomes of the clicks of its frame later, the mask that they
give is drawn over again in the same way. A stroke counts no more once somebody clicked on what it
covers and said otherwise.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ..datasets.labels.label_values import Prompt
from .segmenters.interface import Click, Mask

_FINE = 4  # subpixels a side: OpenCV fills a polygon with its border, and too wide by a pixel
_SHIFT = 4  # bits of a coordinate after the point


def drawn_over(mask: Mask, said: Sequence[Prompt]) -> Mask:
    """A mask (height, width) with all that was drawn by hand among what was said, in its order."""
    after = mask.copy()
    for number, prompt in enumerate(said):
        if prompt.by_hand:
            area = covered(prompt, mask.shape)
            if not _taken_back(area, prompt.positive, said[number + 1 :]):
                after[area] = prompt.positive
    return after


def covered(drawn: Prompt, shape: tuple[int, ...]) -> Mask:
    """The pixels (height, width) of which a stroke or a polygon covers more than half."""
    points = np.reshape(drawn.values, (-1, 2))
    margin = np.ceil(drawn.width / 2) + 1
    limit = np.array([shape[1], shape[0]])
    start = np.clip(np.floor(points.min(0) - margin), 0, limit).astype(int)
    stop = np.clip(np.ceil(points.max(0) + margin), start, limit).astype(int)
    width, height = (int(size) for size in stop - start)
    mask = np.zeros(shape[:2], bool)
    if width and height:
        fine = np.zeros((height * _FINE, width * _FINE), np.uint8)
        _fill(fine, (points - start) * _FINE - 0.5, drawn)
        share = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)
        mask[start[1] : stop[1], start[0] : stop[0]] = share > 128
    return mask


def _fill(fine: NDArray[np.uint8], points: NDArray[np.float64], drawn: Prompt) -> None:
    path = np.round(points * (1 << _SHIFT)).astype(np.int32)
    if drawn.kind == "polygon":
        cv2.fillPoly(fine, [path], 255, cv2.LINE_8, _SHIFT)
    else:
        ended = np.concatenate([path, path[-1:]])  # a dot is a line to where it began
        thickness = max(1, round(drawn.width * _FINE))
        cv2.polylines(fine, [ended], False, 255, thickness, cv2.LINE_8, _SHIFT)


def _taken_back(area: Mask, positive: bool, later: Sequence[Prompt]) -> bool:
    """Whether a later click says otherwise of a pixel of the area."""
    clicks = [p for p in later if p.kind == "point" and p.positive != positive]
    return any(area[Click(p.values[0], p.values[1]).pixel(area.shape)] for p in clicks)
