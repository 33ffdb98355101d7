"""Takes the marks of a dead writer out of an HDF5 file, as `h5clear --status` does.

After a kill a file can be opened by a SWMR reader alone, and that one retries an unreadable
piece of metadata a hundred times with doubling pauses: it never comes back. Without the marks
an ordinary reader opens the file, and says at once what it cannot read.

Layout: HDF5 File Format Specification 3.0, II.A, superblock version 3.
"""

import os
from pathlib import Path

from ...runtime.regular_file import open_regular
from ..errors import NotATake
from .checksum import HDF5_MAGIC
from .format import USER_BLOCK_BYTES

LENGTH = 48
VERSION, FLAGS, CHECKSUM = 8, 11, 44  # where they lie; addresses are of 8 bytes
WORD = 0xFFFFFFFF


def clear_writer_marks(path: Path) -> None:
    """One write within a disk page, so a kill leaves the old superblock or the new one.

    Only for a file that nobody writes. Raises NotATake where there is no whole superblock.
    """
    descriptor = open_regular(path, os.O_RDWR)
    try:
        block = os.pread(descriptor, LENGTH, USER_BLOCK_BYTES)
        if not _is_whole(block):
            raise NotATake(path, "its HDF5 superblock is not whole")
        body = block[:FLAGS] + b"\0" + block[FLAGS + 1 : CHECKSUM]
        os.pwrite(descriptor, body + lookup3(body).to_bytes(4, "little"), USER_BLOCK_BYTES)
    finally:
        os.close(descriptor)


def _is_whole(block: bytes) -> bool:
    known = len(block) == LENGTH and block.startswith(HDF5_MAGIC) and block[VERSION] == 3
    return known and lookup3(block[:CHECKSUM]) == int.from_bytes(block[CHECKSUM:], "little")


def lookup3(content: bytes) -> int:
    """Bob Jenkins' hash of 2006 (lookup3.c, hashlittle), which HDF5 uses for its metadata."""
    a = b = c = (0xDEADBEEF + len(content)) & WORD
    words = _words(content)
    while len(words) > 3:
        a, b, c = (value + word & WORD for value, word in zip((a, b, c), words, strict=False))
        a, b, c = _mix(a, b, c)
        words = words[3:]
    a, b, c = (value + word & WORD for value, word in zip((a, b, c), words, strict=False))
    return _final(a, b, c) if content else c


def _words(content: bytes) -> list[int]:
    """Little-endian words, filled up with zeros to a multiple of three."""
    padded = content + bytes(-len(content) % 12)
    return [int.from_bytes(padded[at : at + 4], "little") for at in range(0, len(padded), 4)]


def _mix(a: int, b: int, c: int) -> tuple[int, int, int]:
    for turn in (4, 6, 8, 16, 19, 4):
        a = (a - c & WORD) ^ _rotated(c, turn)
        c = c + b & WORD
        a, b, c = b, c, a
    return a, b, c


def _final(a: int, b: int, c: int) -> int:
    for turn in (14, 11, 25, 16, 4, 14, 24):
        c = (c ^ b) - _rotated(b, turn) & WORD
        a, b, c = b, c, a
    return b


def _rotated(value: int, turn: int) -> int:
    return (value << turn | value >> 32 - turn) & WORD
