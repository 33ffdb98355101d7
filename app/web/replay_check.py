"""How near a take came to the one that it went along."""

from pathlib import Path

import numpy as np

from ...datasets.takes.reader import Take
from ...datasets.takes.take_folder import find_take
from ...datasets.taught_path import replay_error
from ...runtime.validation import StrictModel

NEAR_MM, NEAR_DEG = 5.0, 1.0


class ReplayCheck(StrictModel):
    """Where the two are farthest apart."""

    of: str  # the take that taught the way
    position_mm: float
    rotation_deg: float
    near: bool  # within what a clean replay keeps


def replay_check(data: Path, take_id: str) -> ReplayCheck | None:
    """None of a take that is no replay. Raises NoSuchTake, and what reading a take does."""
    with Take.open(find_take(data, take_id)) as replayed:
        of = replayed.info.replay_of
        if not of:
            return None
        with Take.open(find_take(data, of)) as taught:
            error = replay_error(taught, replayed)
    position_mm, rotation_deg = 1000 * error.position_m, float(np.degrees(error.rotation_rad))
    near = position_mm <= NEAR_MM and rotation_deg <= NEAR_DEG
    return ReplayCheck(of=of, position_mm=position_mm, rotation_deg=rotation_deg, near=near)
