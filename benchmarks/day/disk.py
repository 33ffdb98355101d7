"""A small disk for the data folder, which can be filled, and made read-only."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

SIZE_MB = 3000
FILLER = ".filler"


class NotRoot(Exception):
    """Only the machine's owner may mount."""


class SmallDisk:
    """A file system of its own, in memory. Without the right to mount it is an ordinary folder,
    and filling or locking it raises NotRoot."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mounted = False

    def __enter__(self) -> "SmallDisk":
        self.folder.mkdir(parents=True, exist_ok=True)
        options = f"size={SIZE_MB}m"
        self.mounted = _mount("-t", "tmpfs", "-o", options, "tmpfs", str(self.folder))
        return self

    def __exit__(self, *error: object) -> None:
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)

    @contextlib.contextmanager
    def full(self, left_mb: float) -> Iterator[None]:
        """All but so much of it is used. Raises NotRoot."""
        if not self.mounted:
            raise NotRoot
        filler = self.folder / FILLER
        size = max(1, shutil.disk_usage(self.folder).free - round(left_mb * 1e6))
        try:
            with filler.open("wb") as file, contextlib.suppress(OSError):
                os.posix_fallocate(file.fileno(), 0, size)
            yield
        finally:
            filler.unlink(missing_ok=True)

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """Whatever is opened from now on can only be read; what is open stays as it is, as the
        system refuses to take that away. Raises NotRoot."""
        path = str(self.folder)
        if not self.mounted or not _mount("--bind", path, path):
            raise NotRoot
        try:
            subprocess.run(["mount", "-o", "remount,bind,ro", path], check=True)
            yield
        finally:
            subprocess.run(["umount", "-l", path], check=True)


def _mount(*arguments: str) -> bool:
    with contextlib.suppress(OSError):
        return subprocess.run(["mount", *arguments], capture_output=True).returncode == 0
    return False
