"""Where takes are written before they are where takes are: a folder beside them, of a process."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .take_folder import REMOVED, TAKES, being_written, writing

STAGING = ".import-"


@contextmanager
def staging(data: Path) -> Iterator[Path]:
    """An empty folder of our own. What processes that were killed left in theirs is removed."""
    takes = data / TAKES
    takes.mkdir(parents=True, exist_ok=True)
    remove_left(takes)
    folder = takes / f"{STAGING}{os.getpid()}"
    folder.mkdir(exist_ok=True)
    try:
        with writing(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_left(takes: Path) -> None:
    """All such folders whose process has ended, with the empty folders that were to become their
    takes; and what a kill left of takes that were to go for good."""
    for left in takes.glob(f"{REMOVED}*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in takes.glob(f"{STAGING}*"):
        if not being_written(left):
            _remove(left, takes)


def _remove(left: Path, takes: Path) -> None:
    with suppress(OSError):
        for path in left.iterdir():
            with suppress(OSError):
                (takes / path.name).rmdir()
    shutil.rmtree(left, ignore_errors=True)
