"""The CRC-32 of a file, put together from pieces of it that were checksummed before."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from isal.isal_zlib import crc32, crc32_combine

BUFFER_BYTES = 1 << 19


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """Bytes ``start`` … ``end`` of a file, and their CRC-32."""

    start: int
    end: int
    checksum: int

    def joined(self, following: "Piece") -> "Piece":
        """Both as one; ``following`` begins where this one ends."""
        length = following.end - following.start
        checksum = crc32_combine(self.checksum, following.checksum, length)
        return Piece(self.start, following.end, checksum)


class PartialChecksum:
    """What is known of a file's CRC-32; nothing at first."""

    def __init__(self) -> None:
        self._pieces: Sequence[Piece] = ()  # in the file's order, none touches the next

    def add(self, pieces: Iterable[Piece]) -> None:
        """More of the file; no byte twice."""
        self._pieces = list(_joined(sorted([*self._pieces, *pieces])))

    def whole(self, descriptor: int, start: int, end: int) -> int:
        """The CRC-32 of a file's bytes ``start`` … ``end``, read only where no piece is known: by
        calls, since a page of a mapping costs more than it to fetch. Raises OSError."""
        found, buffer = Piece(start, start, 0), memoryview(bytearray(BUFFER_BYTES))
        for piece in self._pieces:
            found = _read(descriptor, buffer, found, piece.start).joined(piece)
        return _read(descriptor, buffer, found, end).checksum


def _read(descriptor: int, buffer: memoryview, found: Piece, end: int) -> Piece:
    """With what follows, up to ``end`` or the end of the file."""
    at, checksum = found.end, found.checksum
    while at < end and (count := os.preadv(descriptor, [buffer[: end - at]], at)):
        checksum = crc32(buffer[:count], checksum)
        at += count
    return Piece(found.start, at, checksum)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Those that touch as one."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and last.end == piece.start:
            last = last.joined(piece)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
