"""When the hand held something, read from the gripper's width and commands alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...geometry.panda import HAND_OPENING_M

_RESISTED_M = 0.004  # fingers this far from where they were sent are held apart by something
_STEADY_M = 0.0008  # movement that still counts as having stopped
_SLIP_M = 0.006  # closing this much further means that the object was lost
_STEADY_TICKS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Fingers:
    """A gripper over a take."""

    width_m: NDArray[np.float64]  # (T,) measured
    commanded: NDArray[np.float64]  # (T,) 1 open … 0 closed
    opening_m: float = HAND_OPENING_M  # at command 1


@dataclass(frozen=True, slots=True)
class Grasp:
    """From the moment the fingers stopped on an object until they let go of it."""

    start_ns: int
    end_ns: int  # the end of the take when it was never let go
    width_m: float

    def holds(self, time_ns: int) -> bool:
        return self.start_ns <= time_ns < self.end_ns


def find_grasps(time_ns: NDArray[np.int64], fingers: Fingers) -> list[Grasp]:
    """Every grasp in a take, in order, by the times (T,) of its readings."""
    width_m = fingers.width_m
    closed = np.concatenate([[False], fingers.commanded < 0.5, [False]])
    changes = np.diff(closed.astype(np.int8))
    starts, ends = np.flatnonzero(changes > 0), np.flatnonzero(changes < 0)
    excess_m = width_m - fingers.opening_m * fingers.commanded
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    found = [_grasp(time_ns, width_m, excess_m, first, last) for first, last in spans]
    return [grasp for grasp in found if grasp is not None]


def _grasp(
    time_ns: NDArray[np.int64], width_m: NDArray[np.float64], excess_m: NDArray[np.float64],
    first: int, last: int,
) -> Grasp | None:  # fmt: skip
    """The grasp within the ticks first … last - 1, in which the gripper was told to close."""
    for tick in range(first + 1, last - _STEADY_TICKS + 1):
        settled = slice(tick, tick + _STEADY_TICKS)
        still = np.ptp(width_m[settled]) < _STEADY_M
        if still and width_m[tick] < width_m[first] - _STEADY_M:
            break
    else:
        return None
    if excess_m[settled].min() < _RESISTED_M:
        return None
    slipped = np.flatnonzero(width_m[tick:last] < width_m[tick] - _SLIP_M)
    end = tick + int(slipped[0]) if len(slipped) else last
    end_ns = int(time_ns[end]) if end < len(time_ns) else int(time_ns[-1]) + 1
    return Grasp(int(time_ns[tick]), end_ns, float(width_m[tick]))
