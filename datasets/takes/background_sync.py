"""Most of a take's end, done while it is recorded: what no longer changes in its file goes to the
disk and into the checksum at once, so that ``finish`` has little left to do.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from isal.isal_zlib import crc32

from ...runtime.regular_file import open_regular
from .partial_checksum import PartialChecksum, Piece

SYNC_S = 0.5


@dataclass(frozen=True, slots=True)
class Extent:
    """Where bytes lie in a file."""

    offset: int
    length: int


class BackgroundSync:
    """A thread that checksums what is final in a growing file, and syncs the file.

    Use as a context manager; leaving it ends the thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._final: SimpleQueue[Extent] = SimpleQueue()
        self._checksum = PartialChecksum()
        self._error: OSError | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="background-sync", daemon=True)

    def __enter__(self) -> "BackgroundSync":
        self._descriptor = open_regular(self._path)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._end()
        os.close(self._descriptor)

    def add(self, extents: Sequence[Extent]) -> None:
        """These were written, and are never written again. Raises OSError where the disk refused
        what was written: it says so once, and ``finish`` would not hear of it."""
        self._require_no_error()
        for extent in extents:
            self._final.put(extent)

    def checksum(self) -> PartialChecksum:
        """Of all that was added; no more is added afterwards. Raises as ``add``."""
        self._end()
        self._take_in()
        self._require_no_error()
        return self._checksum

    def _require_no_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._ended.wait(SYNC_S):
            try:
                os.fdatasync(self._descriptor)
                self._take_in()
            except OSError as error:
                self._error = error
                return

    def _take_in(self) -> None:
        pieces: list[Piece] = []
        while True:
            try:
                pieces.append(self._read(self._final.get_nowait()))
            except Empty:
                return self._checksum.add(pieces)

    def _read(self, extent: Extent) -> Piece:
        content = os.pread(self._descriptor, extent.length, extent.offset)
        return Piece(extent.offset, extent.offset + len(content), crc32(content))
