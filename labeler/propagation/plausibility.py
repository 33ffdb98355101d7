"""Whether a mask can be that of the frame before, a frame later."""

import numpy as np
from numpy.typing import NDArray

from ..segmenters.interface import Mask

_GROWN = 1.5  # times its area within a frame
_HOPPED = 1.0  # times its own size within a frame
_FULL = 0.9  # of the image
_HARDLY = 0.3  # how sure one is of a mask that came to fill the image


def plausibility(mask: Mask, before: Mask) -> float:
    """1 for one that moved, turned or changed a little; the less, the farther it hopped, or the
    more its area changed, and where it came to fill the image. An empty one can follow any, and
    any an empty one."""
    if not mask.any() or not before.any():
        return 1.0
    small, large = sorted((mask.sum(), before.sum()))
    hop = np.linalg.norm(_centre(mask) - _centre(before)) / np.sqrt(large)
    full = _HARDLY if mask.mean() > _FULL >= before.mean() else 1.0
    return float(min(1.0, _GROWN * small / large, _HOPPED / max(hop, _HOPPED), full))


def _centre(mask: Mask) -> NDArray[np.float64]:
    return np.array([axis.mean() for axis in np.nonzero(mask)])
