"""What was found in one frame."""

from dataclasses import dataclass

import numpy as np

from .regions import Window
from .segmenter import Mask


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A mask in a window of the image, and how sure it is, 0 … 1."""

    window: Window
    mask: Mask  # of the window
    confidence: float
    shape: tuple[int, int]  # of the image

    @property
    def empty(self) -> bool:
        return not self.mask.any()

    def whole(self) -> Mask:
        """The mask of the whole image (height, width)."""
        mask = np.zeros(self.shape, bool)
        mask[self.window] = self.mask
        return mask


def nothing(shape: tuple[int, int], confidence: float) -> Sighting:
    """The object is not in sight."""
    return Sighting((slice(0, 0), slice(0, 0)), np.zeros((0, 0), bool), confidence, shape)
