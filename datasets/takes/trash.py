"""The bin: a take in it keeps its folder and is marked as deleted, so it can come back."""

from pathlib import Path

from ..errors import StaleRevision
from ..labels.edits import SetDeleted
from ..labels.labels import Labels


def put_in_bin(take_folder: Path, author: str) -> None:
    """Mark a take as deleted; nothing is removed from the disk."""
    _set_deleted(take_folder, True, author)


def take_out_of_bin(take_folder: Path, author: str) -> None:
    """Take the mark back."""
    _set_deleted(take_folder, False, author)


def _set_deleted(take_folder: Path, deleted: bool, author: str) -> None:
    """The mark concerns nothing else that is said, so a newer revision is no conflict."""
    labels = Labels.open(take_folder)
    while labels.snapshot.deleted != deleted:
        try:
            labels.apply([SetDeleted(deleted)], labels.revision, author)
        except StaleRevision:
            labels.refresh()
