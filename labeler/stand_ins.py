"""Masks that stand in for those of a segmenter that still looks at their frame."""

from threading import Lock
from typing import TypeAlias

from ..datasets.labels.edits import MaskKey
from ..datasets.labels.masks import MaskRecord
from ..datasets.labels.snapshot import Snapshot

Looked: TypeAlias = tuple[str, int, str]  # camera, frame, segmenter
Waiting: TypeAlias = tuple[str, str]  # object, author of its newest prompt


_REMEMBERED = 1000  # quick masks of a take that an undo may bring back


class StandIns:
    """Those of one take. Safe to use from several threads."""

    def __init__(self) -> None:
        self._waiting: dict[Looked, set[Waiting]] = {}
        self._made: dict[tuple[MaskKey, MaskRecord], str] = {}
        self._lock = Lock()

    def remember(self, place: MaskKey, mask: MaskRecord, segmenter: str) -> None:
        """A mask that stands in for the segmenter's, for the time that it comes back."""
        with self._lock:
            self._made[place, mask] = segmenter
            if len(self._made) > _REMEMBERED:
                del self._made[next(iter(self._made))]

    def asked_for(self, place: MaskKey, mask: MaskRecord | None) -> str | None:
        """The segmenter that a mask stood in for; None for any other mask."""
        with self._lock:
            return None if mask is None else self._made.get((place, mask))

    def add(self, looked: Looked, waiting: Waiting) -> bool:
        """One more stands in; whether nobody looks there yet, so that somebody has to begin."""
        with self._lock:
            begins = looked not in self._waiting
            self._waiting.setdefault(looked, set()).add(waiting)
            return begins

    def settle(self, place: MaskKey) -> None:
        """The mask of a place is what it is to be: none follows any more."""
        camera, frame, name = place
        with self._lock:
            for looked, waiting in self._waiting.items():
                if looked[:2] == (camera, frame):
                    waiting.difference_update([each for each in waiting if each[0] == name])

    def rename(self, name: str, other: str) -> None:
        """An object has another name."""
        with self._lock:
            for looked, waiting in self._waiting.items():
                renamed = {(other if each == name else each, author) for each, author in waiting}
                self._waiting[looked] = renamed
            self._made = {
                ((camera, frame, other if each == name else each), mask): segmenter
                for ((camera, frame, each), mask), segmenter in self._made.items()
            }

    def next(self, looked: Looked) -> Waiting | None:
        """One whose mask is to follow now; None where that was the last one: the look has ended."""
        with self._lock:
            if self._waiting[looked]:
                return min(self._waiting[looked])
            del self._waiting[looked]
            return None

    def end(self, looked: Looked) -> None:
        """Nothing follows a look that failed: the masks that stood in stay."""
        with self._lock:
            self._waiting.pop(looked, None)

    def places(self, now: Snapshot) -> list[MaskKey]:
        """Where a mask is shown until another one follows."""
        with self._lock:
            places = {(*looked[:2], name) for looked, waiting in self._waiting.items()
                      for name, _ in waiting}  # fmt: skip
        return sorted(place for place in places if _may_follow(now, place))


def _may_follow(now: Snapshot, place: MaskKey) -> bool:
    record = now.masks.get(place)
    return record is not None and record.source.is_person and not record.locked
