"""Where an outline fits a mask best."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ...segmenters.classical.regions import dilate
from ...segmenters.interface import Mask

_LARGE_PX = 6000  # a window of more pixels is registered at half its resolution
_SEARCH_PX = 10


def registered(mask: Mask, core: Mask) -> NDArray[np.float64]:
    """The shift (u, v) by which the expected outline fits the mask best, in pixels.

    Pixels of the mask count for the outline and against the ring around it. What hides a part
    of the object counts the same wherever the outline goes, so the edges in sight decide.
    """
    step = 2 if core.size > _LARGE_PX else 1
    mask, core = mask[::step, ::step], np.ascontiguousarray(core[::step, ::step])
    kernel = core.astype(np.float32) - (dilate(core, 3) & ~core).astype(np.float32)
    field = np.pad(mask.astype(np.float32) * 2 - 1, _SEARCH_PX, constant_values=-1.0)
    scores = cv2.matchTemplate(field, kernel, cv2.TM_CCORR)
    row, column = np.unravel_index(int(scores.argmax()), scores.shape)
    if scores[row, column] - scores[_SEARCH_PX, _SEARCH_PX] < 0.02 * core.sum():
        return np.zeros(2)
    return np.array([column - _SEARCH_PX, row - _SEARCH_PX], np.float64) * step
