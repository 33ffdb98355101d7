"""Takes that go for good: only those in the bin."""

import os
import shutil
from pathlib import Path

from ...runtime.atomic_file import sync_folder
from ...runtime.errors import TeachloopError
from ..errors import RemovalRefused
from ..labels.labels import Labels
from .computed import forget_computed
from .take_folder import REMOVED


def remove_take(take_folder: Path) -> int:
    """Remove a take with its labels and what was computed of it; returns the bytes of its files.

    From the rename on it is no take any more; what a kill leaves then goes later, see
    ``remove_left``. Raises RemovalRefused, OSError; then it is as it was.
    """
    require_binned(take_folder)
    going = take_folder.with_name(f"{REMOVED}{take_folder.name}-{os.getpid()}")
    os.rename(take_folder, going)
    try:
        require_binned(going)
    except RemovalRefused:  # somebody took it back meanwhile
        os.rename(going, take_folder)
        raise RemovalRefused(take_folder.name, NOT_BINNED) from None
    sync_folder(take_folder.parent)
    size = sum(path.stat().st_size for path in going.rglob("*") if path.is_file())
    forget_computed(take_folder)
    shutil.rmtree(going, ignore_errors=True)
    return size


NOT_BINNED = "it is not in the bin. Put it there first."


def require_binned(take_folder: Path) -> None:
    """Raises RemovalRefused, also where nobody can read whether it is."""
    try:
        deleted = Labels.open(take_folder).snapshot.deleted
    except TeachloopError as error:
        raise RemovalRefused(take_folder.name, str(error)) from error
    if not deleted:
        raise RemovalRefused(take_folder.name, NOT_BINNED)
