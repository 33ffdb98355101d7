"""A folder for the sockets of one process and its children."""

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


@contextmanager
def socket_folder(prefix: str) -> Iterator[Path]:
    """A private folder with a short name, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=_parent()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def file_name(name: str) -> str:
    """For a socket or a log of something that people named: short, and no path."""
    if PLAIN_NAME.fullmatch(name):
        return name
    return hashlib.sha256(name.encode()).hexdigest()[:20]


def _parent() -> str:
    wanted = (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir())
    good = (path for path in wanted if path and os.access(path, os.W_OK))
    return next((path for path in good if len(os.fsencode(path)) <= LONGEST), "/tmp")
