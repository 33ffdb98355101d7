"""The way of a demonstration, moved to where things are now."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....datasets.steps import Pose
from ....geometry.poses import apply_delta, pose_delta
from .demonstration import Demonstration

FADE = 0.7  # of the way to the object, after which the hand is on the moved way

Place = NDArray[np.float64]


class Places(NamedTuple):
    """Where things are now, (3,) metres each."""

    target: Place
    destination: Place | None


class Course:
    """Follows a demonstration from where the hand is. What it aims at may be told better until
    the hand is near."""

    def __init__(self, demonstration: Demonstration, hand: Pose, places: Places) -> None:
        """``hand`` (4, 4)."""
        self._demonstration = demonstration
        self._at = 0
        self._told = hand
        self._ends = int(FADE * demonstration.contact)
        self.poses = self._from_here(places)
        """(ticks, 4, 4) of the whole way."""

    @property
    def can_be_corrected(self) -> bool:
        """Whether the hand is still far from the object."""
        return self._at < self._ends

    def correct(self, places: Places) -> None:
        """Things are seen elsewhere; the way goes there from where the hand was told to be."""
        self.poses[self._at :] = self._from_here(places)[self._at :]

    def next(self, count: int) -> tuple[Pose, NDArray[np.float64] | None]:
        """The next targets (count, 4, 4), and how open the gripper is (count,); at the end of the
        way the last one stays."""
        ticks = np.minimum(np.arange(self._at, self._at + count), len(self.poses) - 1)
        self._at += count
        self._told = self.poses[ticks[-1]]
        grippers = self._demonstration.grippers
        return self.poses[ticks], None if grippers is None else grippers[ticks]

    def _from_here(self, places: Places) -> Pose:
        shown = self._demonstration
        before = shown.start if self._at == 0 else shown.poses[self._at - 1]
        ticks = np.arange(len(shown.poses))
        left = np.clip((self._ends - ticks) / max(1, self._ends - self._at), 0, 1)[:, None]
        here = pose_delta(before, self._told)
        return apply_delta(shown.poses, left * here + (1 - left) * self._shifts(places, ticks))

    def _shifts(self, places: Places, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        """(ticks, 6) what moves the way to the target, and from contact on to the destination."""
        shown = self._demonstration
        to_target = places.target - shown.target
        to_destination = to_target
        if places.destination is not None and shown.destination is not None:
            to_destination = places.destination - shown.destination
        after = max(1, len(shown.poses) - 1 - shown.contact)
        carried = np.clip((ticks - shown.contact) / after, 0, 1)[:, None]
        shifts = (1 - carried) * to_target + carried * to_destination
        return np.pad(shifts, ((0, 0), (0, 3)))
