"""Rest at both ends of a take: nothing moves, and nothing is to be learned from it."""

from dataclasses import dataclass

import numpy as np

from .alignment import Ticks
from .hand_motion import hand_moves

GRIPS_M_S = 0.004  # of the gripper; slower than that is rest
SPARED_S = 0.2  # of rest, that stays beside what moves
SHOWS_S = 0.4  # less than that to trim is not worth a word


@dataclass(frozen=True, slots=True)
class IdleEnds:
    """How long a take rests before something moves, and after it, beyond what may stay; 0 where
    that is little."""

    start_s: float
    end_s: float


def idle_ends(ticks: Ticks, rate_hz: float) -> IdleEnds:
    """By what was measured at ticks of a rate. A take in which nothing moves has none: which part
    of it counts, only a person knows."""
    moves = np.flatnonzero(_moving(ticks, rate_hz))
    if not len(moves):
        return IdleEnds(0.0, 0.0)
    rests = moves[0], len(ticks) - 2 - moves[-1]
    start_s, end_s = (max(0.0, count / rate_hz - SPARED_S) for count in rests)
    return IdleEnds(*(seconds if seconds >= SHOWS_S else 0.0 for seconds in (start_s, end_s)))


def _moving(ticks: Ticks, rate_hz: float) -> np.ndarray:
    """Whether something moves from each tick (T - 1,) to the next; what is asked of the gripper
    counts, before it moves."""
    moves = hand_moves(ticks.ee_pose, np.full(len(ticks) - 1, 1 / rate_hz))
    if ticks.gripper_width_m is not None:
        moves |= np.abs(np.diff(ticks.gripper_width_m)) * rate_hz > GRIPS_M_S
    if ticks.applied_gripper is not None:
        moves |= np.diff(ticks.applied_gripper) != 0
    return moves
