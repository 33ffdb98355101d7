"""What was measured and asked for along a take, for whoever looks at it as curves."""

import numpy as np
from numpy.typing import NDArray

from ..runtime.validation import StrictModel
from .alignment import Ticks

Curve = list[float]


class Signals(StrictModel):
    """T values of each curve, at the ticks of the take's own rate."""

    joints_deg: list[Curve]
    """Of the seven joints, measured."""
    hand_mm: list[Curve]
    """x, y and z of the tool's centre point in the base frame, measured."""
    asked_mm: list[Curve]
    """… and as it was asked for, before the limits."""
    applied_mm: list[Curve]
    """… and as it was applied, after them."""


def signals(ticks: Ticks) -> Signals:
    return Signals(
        joints_deg=_curves(np.degrees(ticks.joint_positions_rad), 2),
        hand_mm=_curves(1000 * ticks.ee_pose[:, :3, 3], 1),
        asked_mm=_curves(1000 * ticks.requested_pose[:, :3, 3], 1),
        applied_mm=_curves(1000 * ticks.applied_pose[:, :3, 3], 1),
    )


def _curves(rows: NDArray[np.float64], digits: int) -> list[Curve]:
    """Of rows (T, n), each column; what is no number is 0, which no JSON could say."""
    return np.nan_to_num(rows, posinf=0.0, neginf=0.0).round(digits).T.tolist()
