"""What was found in one frame."""

from dataclasses import dataclass

import numpy as np

from ...segmenters.classical.regions import Window
from ...segmenters.interface import Mask

_SAME = 0.95  # intersection over union


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """A mask in a window of the image, and how sure it is, 0 … 1."""

    window: Window
    mask: Mask  # of the window
    confidence: float
    shape: tuple[int, int]  # of the image
    still: bool = True  # it was just where the robot's motion alone had put it

    @property
    def empty(self) -> bool:
        return not self.mask.any()

    def whole(self) -> Mask:
        """The mask of the whole image (height, width)."""
        mask = np.zeros(self.shape, bool)
        mask[self.window] = self.mask
        return mask

    def agreement(self, other: "Detection") -> float:
        """Intersection over union; 1 where both see nothing."""
        first, second = self.whole(), other.whole()
        union = (first | second).sum()
        return float((first & second).sum() / union) if union else 1.0

    def alike(self, other: "Detection | None") -> bool:
        """Whether both found the same, up to a pixel of the edge."""
        return other is not None and self.agreement(other) > _SAME


def nothing(shape: tuple[int, int], confidence: float) -> Detection:
    """The object is not in sight."""
    return Detection((slice(0, 0), slice(0, 0)), np.zeros((0, 0), bool), confidence, shape)
