"""Embeddings on disk beside the takes they are of, so that no process computes them again."""

import logging
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...datasets.takes.computed import COMPUTED, computed_folder
from ...datasets.takes.take_folder import TAKES
from ...datasets.takes.trash import in_bin
from ...runtime.atomic_file import replacing
from ...runtime.disk_errors import in_words
from ...runtime.regular_file import require_regular

logger = logging.getLogger(__name__)

Maps: TypeAlias = tuple[NDArray[np.float16], ...]
"""An embedding as it is kept, each map (1, channels, height, width)."""

SUFFIX = ".npz"  # whose parts have checksums
AROUND = 1024  # bytes of a file beside its maps
HALF_S = 3600.0  # a file that is older and not whole is nobody's
LEFT_FREE = 2 << 30  # bytes of the disk, which are for recordings


class EmbeddingFolder:
    """Those of all takes of a data folder, within one bound: the one that was used longest ago goes
    first. Safe to use from several threads and processes."""

    def __init__(self, data: Path, room: int) -> None:
        """``room``: bytes of all files; with 0 none is kept."""
        self._data = data
        self.room = room
        self.refused = False
        """Whether the disk took none when it was asked last."""
        self._pruning = Lock()

    def of(self, take_folder: Path) -> "EmbeddingFiles":
        """Those of one take."""
        return EmbeddingFiles(self, take_folder)

    def make_room(self, size: int) -> bool:
        """Whether so many bytes fit, once those that were used longest ago are gone."""
        with self._pruning:
            files = sorted(self.files(), key=lambda each: each[1].st_mtime_ns)
            used = sum(status.st_size for _, status in files)
            room = self.limit(used)
            for path, status in files if size <= room else []:
                if used + size <= room:
                    break
                path.unlink(missing_ok=True)
                used -= status.st_size
        return used + size <= room

    def limit(self, used: int) -> int:
        """Bytes that all files may have: ``used`` they have, and the disk is not theirs alone."""
        return min(self.room, used + shutil.disk_usage(self._data).free - LEFT_FREE)

    def sweep(self) -> None:
        """Throw away what is of takes that are gone, or in the bin, and what a kill left half."""
        for half in (self._data / COMPUTED).glob("*/.*.partial"):
            with suppress(FileNotFoundError):
                if time.time() - half.stat().st_mtime > HALF_S:
                    half.unlink()
        for folder in (self._data / COMPUTED).glob("*"):
            take = self._data / TAKES / folder.name
            if not take.is_dir() or in_bin(take):
                shutil.rmtree(folder, ignore_errors=True)

    def refuse(self, reason: str) -> None:
        """Say once that the disk takes none; what is computed goes on in memory."""
        if not self.refused:
            logger.warning("Embeddings are not kept on disk, and computed anew later: %s", reason)
        self.refused = True

    def files(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Of all takes."""
        for path in (self._data / COMPUTED).glob(f"*/*{SUFFIX}"):
            with suppress(FileNotFoundError):
                yield path, path.stat()


class EmbeddingFiles:
    """Those of one take, each by its key: names of a file without its suffix."""

    def __init__(self, folder: EmbeddingFolder, take_folder: Path) -> None:
        self._folder = folder
        self._take_folder = take_folder

    def read(self, key: str) -> Maps | None:
        """None where there is none that is whole."""
        path = self._path(key)
        try:
            require_regular(path)
            with np.load(path, allow_pickle=False) as parts:
                maps = tuple(parts[name] for name in parts.files)
        except Exception:  # none is there; one that is cut short or damaged fails in many ways
            return None
        with suppress(OSError):
            os.utime(path)
        return maps

    def write(self, key: str, maps: Sequence[NDArray[np.float16]]) -> None:
        """Where the disk takes it, and the take is still there."""
        if not self._folder.room or not self._take_folder.is_dir():
            return
        size = AROUND + sum(each.nbytes for each in maps)
        try:
            if self._folder.make_room(size):
                self._save(self._path(key), maps)
                self._folder.refused = False
            else:
                self._folder.refuse("there is no room for them.")
        except OSError as error:
            self._folder.refuse(in_words(error, "they cannot be written"))

    @property
    def full(self) -> bool:
        """Whether one more would take the place of another of this take, or none is kept."""
        files = list(self._folder.files())
        used = sum(status.st_size for _, status in files)
        own = [status.st_size for path, status in files if path.parent == self._path("").parent]
        wanted = sum(own) + max(own, default=0)
        none = self._folder.refused or not self._folder.room
        return none or wanted > self._folder.limit(used)

    def _save(self, path: Path, maps: Sequence[NDArray[np.float16]]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as partial, partial.open("wb") as file:
            np.savez(file, *maps)

    def _path(self, key: str) -> Path:
        return computed_folder(self._take_folder) / f"{key}{SUFFIX}"
