"""The path of a hand through a take, thinned, for whoever looks at many at once."""

import numpy as np

from ..runtime.validation import StrictModel
from .alignment import latest
from .takes.reader import Take

MOST_POINTS = 40
FARTHEST_MM = 10_000  # what is farther is no place of a hand
CLOSED = 0.5  # of the gripper's command: 1 is open
Point = tuple[int, int, int]


class HandPath(StrictModel):
    """Where it went, in the base frame."""

    points_mm: tuple[Point, ...]
    """Evenly in time, from the first tick to the last."""
    closed_mm: Point | None
    """Where it was when it was first told to close: there is what it took. None: it was not."""


def hand_path(take: Take) -> HandPath | None:
    """Of an open take; None of pictures alone, and where the arm was not heard, or is nowhere."""
    time_ns = take.actions.time_ns
    if take.info.kind == "pictures" or not len(time_ns) or not len(take.robot.time_ns):
        return None
    measured = np.maximum(latest(take.robot.time_ns, time_ns), 0)
    places = 1000 * take.robot.ee_pose[measured, :3, 3]
    if not (np.abs(places) <= FARTHEST_MM).all():
        return None
    count = min(MOST_POINTS, len(places))
    ticks = np.linspace(0, len(places) - 1, count).round().astype(int)
    closes = _closes(take)
    return HandPath(
        points_mm=tuple(point_of(place) for place in places[ticks]),
        closed_mm=None if closes is None else point_of(places[closes]),
    )


def _closes(take: Take) -> int | None:
    """The first tick at which a hand that was open is told to close."""
    asked = take.actions.applied_gripper
    if asked is None:
        return None
    told = np.flatnonzero((asked[:-1] > CLOSED) & (asked[1:] <= CLOSED))
    return int(told[0]) + 1 if len(told) else None


def point_of(place: np.ndarray) -> Point:
    x, y, z = place.round().astype(int).tolist()
    return x, y, z
