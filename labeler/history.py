"""Changes of one session to a take's labels: saved at once, taken back one by one."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import fields, replace
from threading import RLock

from ..datasets.errors import StaleRevision
from ..datasets.labels.edits import Edit
from ..datasets.labels.label_values import ObjectLabel, Segment
from ..datasets.labels.labels import Labels
from ..datasets.labels.snapshot import Snapshot
from .diff import EditResult, changed_places, difference
from .errors import ChangedSince, NothingToUndo

_UNDO_DEPTH = 200
Lock = AbstractContextManager[object]
_Step = tuple[Snapshot, Snapshot]  # before, after
MakeEdits = Callable[[Snapshot], Sequence[Edit]]
Words = str | tuple[str, ...] | tuple[ObjectLabel, ...] | tuple[Segment, ...] | None
Replaced = Callable[[Snapshot], Words]


def _nothing(_snapshot: Snapshot) -> Words:
    return None


class History:
    """Applies edits in the name of one author and remembers how to undo them.

    An undo touches what its change touched and nothing that others did since. ``lock`` is
    held around reading and writing; hold it to make several steps one.
    """

    def __init__(
        self,
        labels: Labels,
        author: str,
        lock: Lock | None = None,
        authors: "dict[str, History] | None" = None,
    ) -> None:
        self.lock: Lock = lock or RLock()
        self._labels = labels
        self.author = author
        self._authors: dict[str, History] = {} if authors is None else authors
        self._authors[author] = self
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []

    def by(self, author: str) -> "History":
        """Of the same labels, in another author's name: only what that one did is undone."""
        with self.lock:
            known = self._authors.get(author)
            return known or History(self._labels, author, self.lock, self._authors)

    @property
    def snapshot(self) -> Snapshot:
        """Everything said so far, by this session or any other."""
        with self.lock:
            return self._labels.refresh()

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        return bool(self._redo)

    def change(
        self, make: MakeEdits, base_revision: int | None = None, replaces: Replaced = _nothing
    ) -> EditResult:
        """Save the edits that ``make`` gives of the newest labels as one revision; nothing where
        there are none. They are made anew where another process writes meanwhile.

        Raises MaskLocked, and StaleRevision where what this change ``replaces`` is no longer what
        its author saw at ``base_revision``.
        """
        with self.lock:
            while True:
                before = self._labels.refresh()
                self._require_seen(before, base_revision, replaces)
                edits = make(before)
                if not edits:
                    return EditResult(before.revision)
                with suppress(StaleRevision):  # another process wrote just now
                    change = self._save(edits, before)
                    self._undo.append((before, self._labels.snapshot))
                    del self._undo[:-_UNDO_DEPTH]
                    self._redo.clear()
                    return change

    def amend(self, make: MakeEdits) -> EditResult:
        """As ``change``, and no step of its own: the masks that it changed go with the step that
        made them, and come back with it."""
        with self.lock:
            while True:
                before = self._labels.refresh()
                edits = make(before)
                if not edits:
                    return EditResult(before.revision)
                with suppress(StaleRevision):  # another process wrote just now
                    change = self._save(edits, before)
                    now = self._labels.snapshot
                    self._undo = [
                        (start, _amended(end, before, now, change)) for start, end in self._undo
                    ]
                    return change

    def revert(self, revision: int) -> EditResult:
        """Take back one revision of this author's, however long ago, as a change of its own.

        Raises NoSuchRevision, and ChangedSince where another author made it, or what it changed is
        no longer as it left it.
        """
        before, after = self._labels.at(revision - 1), self._labels.at(revision)
        if self._labels.history()[revision - 1].author != self.author:
            raise ChangedSince(revision)

        def edits(now: Snapshot) -> Sequence[Edit]:
            if not _is_as_left(before, after, now):
                raise ChangedSince(revision)
            return difference(after, before)

        return self.change(edits)

    def undo(self) -> EditResult:
        """Take back the last change. Raises NothingToUndo."""
        return self._swap(self._undo, self._redo)

    def redo(self) -> EditResult:
        """Make again what was taken back last. Raises NothingToUndo."""
        return self._swap(self._redo, self._undo)

    def seen(self, base_revision: int | None, words: Replaced) -> Snapshot:
        """What is said. Raises StaleRevision where these words are no longer what was seen at
        ``base_revision``."""
        with self.lock:
            now = self._labels.refresh()
            self._require_seen(now, base_revision, words)
            return now

    def _require_seen(self, now: Snapshot, base_revision: int | None, replaces: Replaced) -> None:
        if base_revision is None or base_revision == now.revision:
            return
        known = base_revision < now.revision
        if not known or replaces(self._labels.at(base_revision)) != replaces(now):
            raise StaleRevision(base_revision, now.revision)

    def _swap(self, source: list[_Step], other: list[_Step]) -> EditResult:
        with self.lock:
            if not source:
                raise NothingToUndo
            wanted, done = source[-1]
            edits = difference(done, wanted)
            while True:
                with suppress(StaleRevision):  # another process wrote just now
                    change = self._save(edits, self._labels.refresh())
                    break
            source.pop()
            other.append((done, wanted))
            return change

    def _save(self, edits: Sequence[Edit], before: Snapshot) -> EditResult:
        revision = self._labels.apply(edits, before.revision, self.author)
        return EditResult(revision, changed_places(before, self._labels.snapshot))


def _is_as_left(before: Snapshot, after: Snapshot, now: Snapshot) -> bool:
    """Whether all that differs between two snapshots is as in the later one."""
    changed = [each for each in fields(Snapshot) if each.name not in ("revision", "masks")]
    names = [
        each.name for each in changed if getattr(before, each.name) != getattr(after, each.name)
    ]
    places = changed_places(before, after)
    return all(getattr(now, name) == getattr(after, name) for name in names) and all(
        now.masks.get(place) == after.masks.get(place) for place in places
    )


def _amended(end: Snapshot, before: Snapshot, now: Snapshot, change: EditResult) -> Snapshot:
    """What a step left, with the masks that it left as they were ``before`` as they are now."""
    masks = {
        place: now.masks[place]
        for place in change.places
        if place in now.masks and end.masks.get(place) == before.masks.get(place)
    }
    return replace(end, masks={**end.masks, **masks}) if masks else end
