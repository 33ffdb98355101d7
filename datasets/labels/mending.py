"""Labels of which a line is not whole: back to the lines before it, with nothing thrown away."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ...runtime.errors import TeachloopError
from ...runtime.text import counted
from ..errors import TakeMissing
from ..takes.take_folder import LABELS
from .edit_log import EditLog
from .labels import LOG, SNAPSHOT, follow
from .snapshot import Snapshot

SET_ASIDE = "damaged.jsonl"  # beside the log


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of the labels of one take."""

    folder: Path
    revision: int
    """The last one that is whole, which they are at now."""
    lines: int
    """How many were set aside, the damaged one and those after it."""

    def __str__(self) -> str:
        aside = self.folder / LABELS / SET_ASIDE
        return (
            f"{self.folder.name}: its labels are at revision {self.revision}, the last one before "
            f"the damage; what came then, {counted(self.lines, 'line')}, is kept in {aside}."
        )


def mend_labels(take_folder: Path) -> Mended | None:
    """Go back to the whole lines before a damaged one; None where none is damaged.

    Raises TakeMissing, LabelsUnreadable.
    """
    if not take_folder.is_dir():
        raise TakeMissing(take_folder)
    log = EditLog(take_folder / LABELS / LOG)
    if not log.size():
        return None
    with log.appending() as descriptor:
        revision, end = _whole(log)
        rest = log.read_bytes()[end:].split(b"\n")[:-1]
        lines = sum(bool(line.strip()) for line in rest)
        if not lines:
            return None
        log.cut(descriptor, end, SET_ASIDE)
    (take_folder / LABELS / SNAPSHOT).unlink(missing_ok=True)
    return Mended(take_folder, revision, lines)


def _whole(log: EditLog) -> tuple[int, int]:
    """The last revision that can be followed from the first line on, and where its line ends."""
    snapshot, end = Snapshot(), 0
    earlier = {0: snapshot}
    with suppress(TeachloopError):
        for entry, after in log.entries():
            snapshot = follow(log.path, snapshot, entry, earlier)
            earlier[snapshot.revision] = snapshot
            end = after
    return snapshot.revision, end
