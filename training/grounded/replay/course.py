"""The way of a demonstration, moved to where things are now, and how far the hand is on it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....datasets.steps import Pose
from ....geometry.poses import apply_delta, pose_delta
from .demonstration import Demonstration

FADE = 0.7  # of the way to the object, after which the hand is on the moved way
AHEAD = 40  # ticks that are planned
STILL_M, STANDS_M = 0.001, 0.005  # that a hand which is held moves, and a way that stands still
OFF_M = 0.1  # from the way, where somebody else led the hand
REJOIN = 20  # ticks in which it comes back to the way

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
        self._hand = hand
        self._fades_until = int(FADE * demonstration.contact)
        self.poses = self._from(hand, places)
        """(ticks, 4, 4) of the whole way."""

    def go_on(self, ticks: int, hand: Pose, places: Places) -> None:
        """So many ticks have passed, and the hand (4, 4) is there now. While it was held, the way
        waits; where somebody led it away, it comes back to what is nearest of the rest, before the
        contact to what is nearest before it."""
        stood = np.linalg.norm(hand[:3, 3] - self._hand[:3, 3]) < STILL_M
        self._at = min(self._at + (self._standing(ticks) if stood else ticks), len(self.poses) - 1)
        self._hand = hand
        if self._distances(hand)[self._at] > OFF_M:
            self._rejoin(hand, places)
        elif 0 < self._at < self._fades_until:
            self.poses[self._at :] = self._from(self.poses[self._at - 1], places)[self._at :]

    def ahead(self) -> tuple[Pose, NDArray[np.float64] | None]:
        """The next targets (AHEAD, 4, 4), and how open the gripper is (AHEAD,); at the end of the
        way the last one stays."""
        ticks = np.minimum(np.arange(self._at, self._at + AHEAD), len(self.poses) - 1)
        grippers = self._demonstration.grippers
        return self.poses[ticks], None if grippers is None else grippers[ticks]

    def _standing(self, ticks: int) -> int:
        """For how many of the next ticks the way itself stands still, as while a gripper closes."""
        near = self._distances(self.poses[self._at])[self._at : self._at + ticks + 1] < STANDS_M
        return int(np.append(near, False).argmin()) - 1

    def _rejoin(self, hand: Pose, places: Places) -> None:
        """Before the contact where there was none yet: what is to be touched is touched."""
        contact = self._demonstration.contact
        first, end = self._at, len(self.poses)
        if first <= contact:
            end = max(0, contact - REJOIN) + 1
            first = min(first, end - 1)
        self._at = first + int(self._distances(hand)[first:end].argmin())
        self._fades_until = max(self._fades_until, self._at + REJOIN)
        self.poses[self._at :] = self._from(hand, places)[self._at :]

    def _distances(self, pose: Pose) -> NDArray[np.float64]:
        """(ticks,) metres from each target of the way."""
        return np.linalg.norm(self.poses[:, :3, 3] - pose[:3, 3], axis=-1)

    def _from(self, here: Pose, places: Places) -> Pose:
        """The whole way (ticks, 4, 4), on which the next tick follows ``here``."""
        shown = self._demonstration
        before = shown.start if self._at == 0 else shown.poses[self._at - 1]
        ticks = np.arange(len(shown.poses))
        span = max(1, self._fades_until - self._at)
        left = np.clip((self._fades_until - ticks) / span, 0, 1)[:, None]
        off = pose_delta(before, here)
        return apply_delta(shown.poses, left * off + (1 - left) * self._shifts(places, ticks))

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
