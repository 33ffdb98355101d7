"""A folder for the sockets of one process and its children."""

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST = 60  # bytes of the path above it: a socket's path has at most 107
PLAIN_NAME = re.compile(r"[0-9A-Za-z_-]{1,20}")
LOCK = "in-use"  # locked as long as its process lives, however that ends
EVERYBODYS = "teachloop-"  # what the names of all such folders begin with


@contextmanager
def socket_folder(name: str = "") -> Iterator[Path]:
    """A private folder with a short name, removed at the end; where its process is killed before
    that, by the next one that wants such a folder."""
    parent = Path(_parent())
    _remove_left(parent)
    folder = Path(tempfile.mkdtemp(prefix=f"{EVERYBODYS}{name}", dir=parent))
    try:
        with _in_use(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _in_use(folder: Path) -> Iterator[None]:
    """Locked before it has its name, so that nobody takes a new folder for one that was left."""
    with (folder / f"{LOCK}.new").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.rename(lock.name, folder / LOCK)
        yield


def _remove_left(parent: Path) -> None:
    """The folders of processes that are gone."""
    for lock in parent.glob(f"{EVERYBODYS}*/{LOCK}"):
        if _left(lock):
            shutil.rmtree(lock.parent, ignore_errors=True)


def _left(lock: Path) -> bool:
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # it is in use, or another user's, or already gone
        return False
    return True


def file_name(name: str) -> str:
    """For a socket or a log of something that people named: short, and no path."""
    if PLAIN_NAME.fullmatch(name):
        return name
    return hashlib.sha256(name.encode()).hexdigest()[:20]


def _parent() -> str:
    wanted = (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir())
    good = (path for path in wanted if path and os.access(path, os.W_OK))
    return next((path for path in good if len(os.fsencode(path)) <= LONGEST), "/tmp")
