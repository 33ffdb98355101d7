"""The CRC-32 of a file, put together from pieces of it that were checksummed before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from isal.isal_zlib import crc32, crc32_combine


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

    def whole(self, content: memoryview, start: int) -> int:
        """The CRC-32 of ``content`` from ``start`` on, read only where no piece is known."""
        found = Piece(start, start, 0)
        for piece in self._pieces:
            found = found.joined(_read(content, found.end, piece.start)).joined(piece)
        return found.joined(_read(content, found.end, len(content))).checksum


def _read(content: memoryview, start: int, end: int) -> Piece:
    return Piece(start, end, crc32(content[start:end]))


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
