"""Where one sub-task of a take ends and the next begins, as far as the robot's motion tells: a
suggestion for people, who know."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..geometry.poses import pose_delta
from .alignment import Ticks

SHORTEST_S = 0.4  # of a sub-task
CLOSED = 0.5  # of the gripper's command, below which it is to close
LEVER_M = 0.1  # a turn counts as the way of a point that far from the fingertips
SMOOTHED_S = 0.25
DIP = 0.5  # of the slower of the two motions that it parts
FAST = 0.15  # of the fastest in the take; what is slower is no motion to part
MOVES_M_S = 0.02

Span = tuple[int, int]  # ticks [first, last)


def subtask_cuts(ticks: Ticks, rate_hz: float) -> list[int]:
    """The ticks at which a sub-task begins, but for the first.

    Where the gripper is told to open or to close, and in the middle of each pause between two
    motions, unless the gripper does something about then. By the same two signals keyframes of
    demonstrations are found (James and Davison 2022, https://arxiv.org/abs/2105.14829); a dip of
    the speed stands for a stop, since people rarely stop.
    """
    shortest = max(1, round(SHORTEST_S * rate_hz))
    if len(ticks) < 2 * shortest:
        return []
    grips = _apart(_gripper_changes(ticks), shortest)
    pauses = [
        (first + last) // 2
        for first, last in _pauses(_speed(ticks, rate_hz))
        if not any(first - shortest <= grip < last + shortest for grip in grips)
    ]
    cuts = _apart(sorted([*grips, *pauses]), shortest)
    return [cut for cut in cuts if shortest <= cut <= len(ticks) - shortest]


def _gripper_changes(ticks: Ticks) -> list[int]:
    if ticks.applied_gripper is None:
        return []
    closed = ticks.applied_gripper < CLOSED
    return (np.flatnonzero(closed[1:] != closed[:-1]) + 1).tolist()


def _apart(cuts: list[int], shortest: int) -> list[int]:
    """Without those that come too soon after another."""
    kept: list[int] = []
    for cut in cuts:
        if not kept or cut - kept[-1] >= shortest:
            kept.append(cut)
    return kept


def _speed(ticks: Ticks, rate_hz: float) -> NDArray[np.float64]:
    """Of the hand from each tick to the next (T - 1,) in m/s, smoothed."""
    delta = pose_delta(ticks.ee_pose[:-1], ticks.ee_pose[1:]) * rate_hz
    moved, turned = (np.linalg.norm(part, axis=1) for part in (delta[:, :3], delta[:, 3:]))
    count = max(1, round(SMOOTHED_S * rate_hz))
    padded = np.pad(moved + LEVER_M * turned, (count // 2, (count - 1) // 2), mode="edge")
    return np.convolve(padded, np.full(count, 1 / count), "valid")


def _pauses(speed: NDArray[np.float64]) -> Iterator[Span]:
    """Between each two motions, the ticks that are slower than a share of both."""
    motions = _motions(speed, max(MOVES_M_S, FAST * float(speed.max())))
    for one, other in pairwise(motions):
        slow = np.flatnonzero(speed[one:other] <= DIP * min(speed[one], speed[other]))
        yield one + int(slow[0]), one + int(slow[-1]) + 1


def _motions(speed: NDArray[np.float64], fast: float) -> list[int]:
    """Where each motion is at its fastest: it rises from a dip, and sinks to the next one."""
    peaks: list[int] = []
    rising, top, low = True, 0, 0
    for at, value in enumerate(speed):
        if rising and value > speed[top]:
            top = at
        elif rising and fast < speed[top] and value <= DIP * speed[top]:
            peaks.append(top)
            rising, low = False, at
        elif not rising and value < speed[low]:
            low = at
        elif not rising and fast < value and speed[low] <= DIP * value:
            rising, top = True, at
    return [*peaks, top] if rising and speed[top] > fast else peaks
