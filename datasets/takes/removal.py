"""Takes that go for good: only those in the bin."""

import os
import shutil
from pathlib import Path

from ...runtime.atomic_file import sync_folder
from ..errors import RemovalRefused
from .computed import forget_computed
from .take_folder import REMOVED
from .trash import in_bin


def remove_take(take_folder: Path) -> int:
    """Remove a take with its labels and what was computed of it; returns the bytes of its files.

    A kill in the middle leaves it out of the takes; the rest goes later, see ``remove_left``.
    Raises RemovalRefused, also where nobody can read whether it is in the bin; OSError.
    """
    if not in_bin(take_folder):
        raise RemovalRefused(take_folder.name)
    size = sum(path.stat().st_size for path in take_folder.rglob("*") if path.is_file())
    going = take_folder.with_name(f"{REMOVED}{take_folder.name}")
    os.rename(take_folder, going)
    sync_folder(take_folder.parent)
    forget_computed(take_folder)
    shutil.rmtree(going)
    return size
