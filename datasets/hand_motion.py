"""Whether the hand moves, or rests."""

import numpy as np
from numpy.typing import NDArray

from ..geometry.poses import pose_delta

MOVES_M_S, TURNS_RAD_S = 0.01, 0.05  # slower than that is rest


def hand_moves(poses: NDArray[np.float64], seconds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """From each pose (T, 4, 4) to the next (T - 1,), which takes so long (T - 1,)."""
    delta = pose_delta(poses[:-1], poses[1:]) / np.maximum(seconds, 1e-6)[:, None]
    moved, turned = (np.linalg.norm(part, axis=1) for part in (delta[:, :3], delta[:, 3:]))
    return (moved > MOVES_M_S) | (turned > TURNS_RAD_S)
