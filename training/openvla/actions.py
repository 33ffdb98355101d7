"""Actions as tokens: 256 bins over [-1, 1], named by the last ids of the vocabulary.

The highest id is the lowest value, as the reference has it: id = ids - digitize(action).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

ACTION_WIDTH = 7  # x, y, z, roll, pitch, yaw, gripper
ARM_WIDTH = 6  # without a gripper


@dataclass(frozen=True, slots=True)
class ActionTokenizer:
    """Between normalised actions and token ids."""

    ids: int  # of the vocabulary without its padding: 32000
    bins: int = 256  # edges; there is one centre fewer

    @property
    def edges(self) -> NDArray[np.float64]:
        return np.linspace(-1.0, 1.0, self.bins)

    def encode(self, actions: ArrayLike) -> NDArray[np.int64]:
        """Normalised actions (…, 7), clipped to [-1, 1] → ids of the same shape."""
        clipped = np.clip(np.asarray(actions, np.float64), -1.0, 1.0)
        return self.ids - np.digitize(clipped, self.edges).astype(np.int64)

    def decode(self, tokens: ArrayLike) -> NDArray[np.float64]:
        """Ids → the centres of their bins; any other id becomes the nearest bin."""
        edges = self.edges
        centres = (edges[:-1] + edges[1:]) / 2.0
        index = self.ids - np.asarray(tokens, np.int64) - 1
        return centres[np.clip(index, 0, self.bins - 2)]
