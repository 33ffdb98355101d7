"""Labels of one take: an edit log that is the truth, and a snapshot that caches it."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path

from ...runtime.atomic_file import write_whole
from ...runtime.json_file import parse_json
from ...runtime.regular_file import read_text
from ..errors import LabelsDamaged, LabelsUnreadable, NoSuchRevision, StaleRevision, TakeMissing
from ..takes.take_folder import LABELS
from .edit_json import snapshot_from_json, snapshot_to_json
from .edit_log import UNREADABLE, EditLog, Entry
from .edits import DirectEdit, Edit, Restore
from .snapshot import Draft, Snapshot

LOG = "edits.jsonl"
SNAPSHOT = "snapshot.json"
SNAPSHOT_EVERY_BYTES = 500_000  # how much of the log an opening replays at most


class Labels:
    """What was said about one take. Edits count once they are on the disk.

    Processes may share a take: each ``apply`` sees what the others wrote, and is refused
    with StaleRevision where its author did not.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log = EditLog(folder / LOG)
        self._snapshot = Snapshot()
        self._end = 0  # bytes of the log that the snapshot holds
        self._cached = 0  # bytes of the log that the snapshot's file holds

    @classmethod
    def open(cls, take_folder: Path) -> "Labels":
        """The labels of a take's folder; none yet is revision 0.

        Raises TakeMissing, LabelsUnreadable, and LabelsDamaged where a line of the log is not
        whole.
        """
        if not Path(take_folder).is_dir():
            raise TakeMissing(Path(take_folder))
        labels = cls(Path(take_folder) / LABELS)
        labels._load()
        return labels

    @property
    def snapshot(self) -> Snapshot:
        """Everything said up to the last revision that was read."""
        return self._snapshot

    @property
    def revision(self) -> int:
        return self._snapshot.revision

    def refresh(self) -> Snapshot:
        """Read what other processes appended."""
        size = self._log.size()
        if size < self._end:  # another log lies there now
            self._snapshot, self._end = Snapshot(), 0
        if size > self._end:
            self._read_on()
        return self._snapshot

    def _read_on(self) -> None:
        """From where it stopped; from the beginning where no line follows there."""
        began = self._end
        try:
            part = self._log.read(self._end, self.revision)
            self._replay(part.entries)
            self._end = part.end
        except LabelsDamaged:
            self._snapshot, self._end = Snapshot(), 0
            if not began:
                raise
            self._read_on()

    def apply(self, edits: Iterable[Edit], base_revision: int, author: str) -> int:
        """Append a batch as one revision and return it; on the disk when this returns.

        Raises StaleRevision unless ``base_revision`` is the last, MaskLocked, DiskRefused.
        """
        with self._log.appending() as descriptor:
            self.refresh()
            if base_revision != self.revision:
                raise StaleRevision(base_revision, self.revision)
            entry = self._entry(tuple(edits), author)
            changed = self._changed(self._snapshot, entry)
            self._end = self._log.append(descriptor, entry, self._end)
            self._snapshot = changed
            if self._end - self._cached > SNAPSHOT_EVERY_BYTES:
                with suppress(OSError):  # the edit is saved
                    self.save_snapshot()
        return self.revision

    def add(self, edits: Sequence[Edit], author: str) -> int:
        """As ``apply``, for what replaces nothing that others say: what came meanwhile stays."""
        while True:
            with suppress(StaleRevision):
                return self.apply(edits, self.refresh().revision, author)

    def restore(self, revision: int, base_revision: int, author: str = "") -> int:
        """Append a revision in which everything is as it was at an earlier one."""
        return self.apply([Restore(revision)], base_revision, author)

    def at(self, revision: int) -> Snapshot:
        """The labels as they were at a revision. Raises NoSuchRevision."""
        entries = self.history()
        if not 0 <= revision <= len(entries):
            raise NoSuchRevision(revision, len(entries))
        return snapshots(self._log.path, entries[:revision])[revision]

    def history(self) -> Sequence[Entry]:
        """All revisions, the oldest first."""
        return self._log.read().entries

    def save_snapshot(self) -> None:
        """Cache the snapshot. Its loss costs time alone, so it is not fsynced."""
        content = self._log.read_bytes()[: self._end]
        values = {
            "log_bytes": self._end,
            "log_crc32": zlib.crc32(content),
            "snapshot": snapshot_to_json(self._snapshot),
        }
        write_whole(self.folder / SNAPSHOT, json.dumps(values, ensure_ascii=False).encode())
        self._cached = self._end

    def _load(self) -> None:
        cached = read_snapshot(self.folder)
        if cached is not None:
            self._snapshot, self._end = cached
            self._cached = self._end
        self.refresh()

    def _entry(self, edits: tuple[Edit, ...], author: str) -> Entry:
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        return Entry(
            revision=self.revision + 1, base=self.revision, author=author, time=now, edits=edits
        )

    def _replay(self, entries: Sequence[Entry]) -> None:
        if restored_by(entries):  # read what lies before once, not for each of them
            whole = self._log.read().entries[: self.revision + len(entries)]
            self._snapshot = snapshots(self._log.path, whole)[len(whole)]
            return
        for entry in entries:
            _check_order(self._log.path, self._snapshot, entry)
            self._snapshot = changed(self._snapshot, entry, {})

    def _changed(self, snapshot: Snapshot, entry: Entry) -> Snapshot:
        """Only a restore needs the log's earlier part."""
        if not restored_by([entry]):
            return changed(snapshot, entry, {})
        earlier = self._log.read().entries[: snapshot.revision]
        return changed(snapshot, entry, snapshots(self._log.path, earlier, [entry]))


def restored_by(entries: Iterable[Entry]) -> set[int]:
    """The revisions that these go back to."""
    edits = (edit for entry in entries for edit in entry.edits)
    return {edit.revision for edit in edits if isinstance(edit, Restore)}


def changed(snapshot: Snapshot, entry: Entry, earlier: Mapping[int, Snapshot]) -> Snapshot:
    """The snapshot after an entry. ``earlier``: by revision, what the entry may go back to."""
    draft = Draft.of(snapshot)
    for edit in entry.edits:
        if isinstance(edit, Restore):
            if edit.revision not in earlier:
                raise NoSuchRevision(edit.revision, snapshot.revision)
            draft = Draft.of(earlier[edit.revision])
        elif isinstance(edit, DirectEdit):
            edit.change(draft)
    return draft.finished(entry.revision)


def snapshots(
    path: Path, entries: Sequence[Entry], then: Sequence[Entry] = ()
) -> Mapping[int, Snapshot]:
    """By revision, what the log says after its last entry, and after those that it or ``then``
    goes back to. Each entry is applied once, however often is gone back."""
    wanted = restored_by([*entries, *then]) | {len(entries)}
    snapshot = Snapshot()
    kept = {0: snapshot}
    for entry in entries:
        snapshot = follow(path, snapshot, entry, kept)
        if snapshot.revision in wanted:
            kept[snapshot.revision] = snapshot
    return kept


def read_snapshot(folder: Path) -> tuple[Snapshot, int] | None:
    """The cached snapshot and how many bytes of the log it holds; None unless it is the log's."""
    try:
        values = parse_json(read_text(folder / SNAPSHOT))
        content = EditLog(folder / LOG).read_bytes()[: values["log_bytes"]]
        if (len(content), zlib.crc32(content)) != (values["log_bytes"], values["log_crc32"]):
            return None
        return snapshot_from_json(values["snapshot"]), values["log_bytes"]
    except (OSError, LabelsUnreadable, *UNREADABLE):
        return None


def follow(
    path: Path, snapshot: Snapshot, entry: Entry, earlier: Mapping[int, Snapshot]
) -> Snapshot:
    """The snapshot after an entry that must be the next one. Raises LabelsDamaged otherwise."""
    _check_order(path, snapshot, entry)
    return changed(snapshot, entry, earlier)


def _check_order(path: Path, snapshot: Snapshot, entry: Entry) -> None:
    if (entry.base, entry.revision) != (snapshot.revision, snapshot.revision + 1):
        reason = f"revision {entry.revision} of {entry.base} follows {snapshot.revision}"
        raise LabelsDamaged(path, snapshot.revision + 1, reason)
