"""Reading and adding to what should be a file. A pipe in its place would be waited for without end,
and a device has no end at all: both are refused as what cannot be read."""

import errno
import os
import stat
from io import BufferedReader, BufferedWriter, TextIOWrapper
from pathlib import Path


def open_regular(path: Path, flags: int = os.O_RDONLY) -> int:
    """The descriptor of a file, not inherited by other programs. Raises OSError, also on what is
    neither a file nor a link to one."""
    descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK, 0o644)
    try:
        _require(os.fstat(descriptor).st_mode, path)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def require_regular(path: Path) -> None:
    """Raise OSError unless a file is there, before a library opens it by its name."""
    _require(path.stat().st_mode, path)


def _require(mode: int, path: Path) -> None:
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is no file", str(path))


def open_to_read(path: Path) -> BufferedReader:
    """A file of bytes, to be closed. Raises as ``open_regular``."""
    return os.fdopen(open_regular(path), "rb")


def open_to_append(path: Path) -> BufferedWriter:
    """A file of bytes that what is written is added to, to be closed; made where there is none.
    Raises as ``open_regular``."""
    return os.fdopen(open_regular(path, os.O_RDWR | os.O_CREAT | os.O_APPEND), "ab")


def open_lock(path: Path) -> TextIOWrapper:
    """A file that processes lock, to be closed; made where there is none, its text kept. Raises as
    ``open_regular``."""
    return os.fdopen(open_regular(path, os.O_RDWR | os.O_CREAT), "r+", encoding="utf-8")


def read_bytes(path: Path) -> bytes:
    """All of a file. Raises as ``open_regular``."""
    with open_to_read(path) as file:
        return file.read()


def read_text(path: Path, errors: str = "strict") -> str:
    """All of a file, as UTF-8, its lines ended as Python's are. Raises as ``open_regular``, and
    UnicodeDecodeError."""
    with os.fdopen(open_regular(path), encoding="utf-8", errors=errors) as file:
        return file.read()
