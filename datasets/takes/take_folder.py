"""Where things lie in a take's folder, how folders get their names, and who may write."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...runtime.ids import checked_id, is_id, next_stamp
from ...runtime.regular_file import open_regular
from ..errors import DiskFull, NoSuchTake, TakeBusy

TAKE = "take.h5"
PARTIAL = "take.h5.partial"  # being written, or left by a kill; always readable
NEW = "take.h5.new"  # not yet readable; holds nothing
RECOVERED = "take.h5.recovered"  # half of a recovery
KILLED = "take.h5.killed"  # a recording of which the recovery could read a part only
ARCHIVING = "take.h5.archiving"  # half of an archived take; the take itself is whole
REMOVED = ".removed-"  # before the name of a take that goes for good
LOCK = "writing.lock"
LABELS = "labels"
TAKES = "takes"
OLD_BIN = Path("bin", TAKES)  # where earlier versions moved takes, see ``trash``
TRIES = 1000  # names
RESERVE_BYTES = 64 << 20  # kept free, so that a take can always be finished


def new_take_folder(takes: Path) -> Path:
    """Make and return a folder of a new name, see ``next_stamp``; mkdir decides between processes
    that start takes in the same instant."""
    takes.mkdir(parents=True, exist_ok=True)
    for _ in range(TRIES):
        folder = takes / next_stamp(os.listdir(takes))
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise TakeBusy(takes)


def find_take(data: Path, take_id: str) -> Path:
    """The folder of a take of a data folder, in the bin or not. Raises BadName, NoSuchTake."""
    folder = data / TAKES / checked_id(take_id)
    if not folder.is_dir():
        raise NoSuchTake(take_id)
    return folder


def take_folders(takes: Path) -> list[Path]:
    """The folders of all finished takes in a folder of takes, the oldest first. One whose name is
    no id cannot be spoken of, and is left out."""
    found = (path for path in takes.glob("*") if is_id(path.name) and (path / TAKE).is_file())
    return sorted(found, key=lambda path: path.name)


def take_file(path: Path) -> Path:
    """The take's file, given it or its folder."""
    return path / TAKE if path.is_dir() else path


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the only process that writes the take's file. Raises TakeBusy at once.

    flock ends with its process, however that ends, so no lock outlives a kill.
    """
    path = folder / LOCK
    descriptor = open_regular(path, os.O_RDWR | os.O_CREAT)
    try:
        _lock(descriptor, path)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def require_room(folder: Path, size: int = 0) -> None:
    """Raise DiskFull unless ``size`` bytes fit and the reserve stays free.

    HDF5 does not survive a write that fails: it may crash the process when the file is closed.
    """
    free = shutil.disk_usage(folder).free
    if free < size + RESERVE_BYTES:
        raise DiskFull(folder, free, size + RESERVE_BYTES)


def being_written(folder: Path) -> bool:
    """Whether a living process writes or recovers the take. Changes nothing."""
    try:
        descriptor = open_regular(folder / LOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lock(descriptor: int, path: Path) -> None:
    """Raise TakeBusy unless we now hold the lock that the path leads to."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Its last holder may have removed it since we opened it
        same = os.path.samestat(os.fstat(descriptor), os.stat(path))
    except OSError:
        same = False
    if not same:
        raise TakeBusy(path.parent)
