"""Changes of one session to a take's labels: saved at once, taken back one by one."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from threading import RLock

from ..datasets.labels.edits import Edit
from ..datasets.labels.labels import Labels
from ..datasets.labels.snapshot import Snapshot
from .diff import EditResult, changed_places, difference
from .errors import NothingToUndo

_UNDO_DEPTH = 200
Lock = AbstractContextManager[object]
_Step = tuple[Snapshot, Snapshot]  # before, after


class History:
    """Applies edits in the name of one author and remembers how to undo them.

    An undo touches what its change touched and nothing that others did since. ``lock`` is
    held around reading and writing; hold it to make several steps one.
    """

    def __init__(self, labels: Labels, author: str, lock: Lock | None = None) -> None:
        self.lock: Lock = lock or RLock()
        self._labels = labels
        self._author = author
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []

    def by(self, author: str) -> "History":
        """Of the same labels, in another author's name: only what that one did is undone."""
        return History(self._labels, author, self.lock)

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

    def apply(
        self, edits: Sequence[Edit], base_revision: int | None, spent_s: float = 0.0
    ) -> EditResult:
        """Save edits as one revision; nothing where there are none. Raises StaleRevision,
        MaskLocked."""
        with self.lock:
            before = self._labels.refresh()
            if not edits:
                return EditResult(before.revision, segmenter_s=spent_s)
            change = self._save(edits, base_revision, spent_s)
            self._undo.append((before, self._labels.snapshot))
            del self._undo[:-_UNDO_DEPTH]
            self._redo.clear()
            return change

    def undo(self, base_revision: int | None) -> EditResult:
        """Take back the last change. Raises NothingToUndo, StaleRevision."""
        return self._swap(self._undo, self._redo, base_revision)

    def redo(self, base_revision: int | None) -> EditResult:
        """Make again what was taken back last. Raises NothingToUndo, StaleRevision."""
        return self._swap(self._redo, self._undo, base_revision)

    def _swap(
        self, source: list[_Step], other: list[_Step], base_revision: int | None
    ) -> EditResult:
        with self.lock:
            if not source:
                raise NothingToUndo
            wanted, done = source[-1]
            edits = difference(done, wanted, changed_places(done, wanted))
            change = self._save(edits, base_revision)
            source.pop()
            other.append((done, wanted))
            return change

    def _save(
        self, edits: Sequence[Edit], base_revision: int | None, spent_s: float = 0.0
    ) -> EditResult:
        before = self._labels.refresh()
        base = before.revision if base_revision is None else base_revision
        revision = self._labels.apply(edits, base, self._author)
        return EditResult(revision, changed_places(before, self._labels.snapshot), spent_s)
