"""Which frames of a camera are the picture before them once more."""

import numpy as np
from numpy.typing import NDArray

from ..takes.reader import Take


def same_pictures(take: Take, camera: str) -> NDArray[np.bool_]:
    """(n,), byte for byte; the first is no repetition. Only frames as long as the one before are
    read."""
    frames = take.frames[camera]
    if frames.repeated is not None:
        return frames.repeated.astype(bool)
    lengths = frames.length
    same = np.zeros(len(lengths), bool)
    for index in np.flatnonzero(lengths[1:] == lengths[:-1]) + 1:
        same[index] = take.jpeg(camera, int(index) - 1) == take.jpeg(camera, int(index))
    return same
