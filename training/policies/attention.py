"""Where a policy looks, as it is shown to people."""

import numpy as np
from numpy.typing import NDArray

_NOTHING = 1e-6


def brightness(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of each cell of a map (height, width), whose sum is the probability that the thing is seen at
    all: so bright is the likeliest cell, however many cells the thing covers."""
    seen = min(1.0, float(probabilities.sum()))
    return probabilities * np.float32(seen / max(float(probabilities.max()), _NOTHING))
