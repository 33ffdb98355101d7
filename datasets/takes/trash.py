"""The bin: a take in it keeps its folder and is marked as deleted, so it can come back."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...runtime.atomic_file import sync_folder
from ...runtime.errors import TeachloopError
from ..errors import LabelsDamaged
from ..labels.edits import SetDeleted
from ..labels.labels import Labels
from ..labels.mending import mend_labels
from .computed import forget_computed
from .recover import Recovery
from .take_folder import OLD_BIN, TAKES

AUTHOR = "teachloop"  # of the mark of a take that an earlier version put in the bin


def put_in_bin(take_folder: Path, author: str) -> None:
    """Mark a take as deleted; nothing is removed from the disk but what was computed of it.

    Where a line of its labels is damaged, they go back to the whole lines before it, since the
    mark must be said after them; see ``mend_labels``. Raises TakeMissing, and LabelsUnreadable
    where nothing can be said about the take any more; then it stays as it is.
    """
    _set_deleted(take_folder, True, author)
    forget_computed(take_folder)


def take_out_of_bin(take_folder: Path, author: str) -> None:
    """Take the mark back. Raises as ``put_in_bin`` does."""
    _set_deleted(take_folder, False, author)


def in_bin(take_folder: Path) -> bool:
    """Whether a take is marked as deleted; not where its labels cannot be read."""
    try:
        return Labels.open(take_folder).snapshot.deleted
    except TeachloopError:
        return False


def bring_back(data: Path) -> list[Recovery]:
    """Takes that earlier versions moved to ``data/bin/takes`` return to the others, deleted.

    Each is marked before it is moved, so that a kill at any moment leaves it in one of the two
    bins, and the next call goes on. What cannot come back stays where it is, which is said.
    """
    old = data / OLD_BIN
    if not any(old.glob("*")):
        return []
    try:
        return _bring_all_back(old, data / TAKES)
    except OSError as error:
        return [Recovery(old, f"stays where it is: {error}")]


def _bring_all_back(old: Path, takes: Path) -> list[Recovery]:
    takes.mkdir(parents=True, exist_ok=True)
    with _alone(old):
        folders = sorted(path for path in old.glob("*") if path.is_dir())
        reasons = {folder: _bring_back(folder, takes / folder.name) for folder in folders}
        sync_folder(takes)
        sync_folder(old)
    stay = [Recovery(folder, reason) for folder, reason in reasons.items() if reason]
    came = len(folders) - len(stay)
    what = f"{came} came back from the bin of an earlier version, marked as deleted"
    return [Recovery(old, what), *stay] if came else stay


def _bring_back(folder: Path, target: Path) -> str:
    """Why it stays; nothing where it came back."""
    if target.exists():
        return f"stays in {folder.parent}, since {target} is there already; move one of them away"
    try:
        put_in_bin(folder, AUTHOR)
        os.rename(folder, target)
    except (TeachloopError, OSError) as error:
        return f"stays in {folder.parent}: {error}"
    return ""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process brings takes back from this folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _labels(take_folder: Path) -> Labels:
    try:
        return Labels.open(take_folder)
    except LabelsDamaged:
        mend_labels(take_folder)
        return Labels.open(take_folder)


def _set_deleted(take_folder: Path, deleted: bool, author: str) -> None:
    """The mark concerns nothing else that is said, so a newer revision is no conflict."""
    labels = _labels(take_folder)
    if labels.snapshot.deleted != deleted:
        labels.add([SetDeleted(deleted)], author)
