"""Files and folders that appear whole or not at all."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PRIVATE = 0o600  # for the file's owner alone


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Iterator[Path]:
    """Where to write what shall take the place of ``path``: it does so on a clean end, and
    vanishes on an error. A reader sees the old content or the new one.

    ``durable``: it also outlasts a power cut.
    """
    partial = _beside(path)
    try:
        yield partial
        if durable:
            _sync(partial)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    if durable:
        sync_folder(path.parent)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, which gets the name ``path`` on a clean end, and vanishes on an error.

    Raises OSError where something that is no empty folder has the name.
    """
    partial = _beside(path)
    partial.mkdir(parents=True)
    try:
        yield partial
        os.replace(partial, path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def growing(path: Path) -> Iterator[Path]:
    """Where to gather what comes in several goes, a file or a folder: it gets the name ``path`` on
    a clean end, and outlasts a power cut. On an error it stays for who goes on; see ``begun``."""
    partial = begun(path)
    yield partial
    _sync(partial)
    os.replace(partial, path)
    sync_folder(path.parent)


def begun(path: Path) -> Path:
    """Where ``growing`` has what is there so far of what shall be ``path``."""
    return path.with_name(f".{path.name}.partial")


def write_whole(
    path: Path, content: bytes, *, durable: bool = False, mode: int | None = None
) -> None:
    """Replace the file's content. ``mode``: who may read it, from its first byte on."""
    with replacing(path, durable=durable) as partial:
        if mode is not None:
            partial.touch(mode=mode)
        partial.write_bytes(content)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.partial")


def sync_folder(folder: Path) -> None:
    """Make renames in the folder outlast a power cut."""
    _sync(folder)


def sync_tree(folder: Path) -> None:
    """Make all that is in it outlast a power cut."""
    for path in (folder, *folder.rglob("*")):
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
