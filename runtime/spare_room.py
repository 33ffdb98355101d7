"""A little room that a process keeps on a disk, for what it has to say there when it is full."""

import os
from contextlib import suppress
from pathlib import Path

BYTES = 64 << 10
NAME = ".spare"


def keep_room(folder: Path) -> None:
    """Take it; where there is none, there is none."""
    with suppress(OSError):
        descriptor = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            os.posix_fallocate(descriptor, 0, BYTES)
        finally:
            os.close(descriptor)


def give_room(folder: Path) -> None:
    """Give it back, so that what is written next fits."""
    with suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)
