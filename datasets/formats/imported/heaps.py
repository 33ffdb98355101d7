"""The heaps of an HDF5 file in which texts of any length lie. The library trusts what a heap says
of its own parts: one that says that a part has no bytes keeps it busy for ever.

HDF5 File Format Specification 3.0, III.E (Global Heap).
"""

import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

SIGNATURE = b"GCOL\1\0\0\0"  # with its version
HEAD = struct.Struct("<8sQ")  # and the bytes of all of it
PART = struct.Struct("<HHIQ")  # index, references, nothing, bytes; index 0 is free room
BLOCK = 1 << 24
LARGEST = 1 << 28
LOOKED_AT = 1 << 30  # bytes at either end of a file: texts are written first, or last


def require_whole_heaps(path: Path) -> None:
    """Raises ValueError, OSError. A file that did not change is looked through once."""
    found = path.stat()
    _look_through(path, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=64)
def _look_through(path: Path, size: int, changed_ns: int) -> None:
    with path.open("rb") as file:
        for begins in {0, max(0, size - LOOKED_AT)}:
            for place in _places(file, begins):
                _require_whole(file, place, size)


def _places(file: BinaryIO, begins: int) -> Iterator[int]:
    """Where heaps begin, in as much as is looked at from a place on."""
    ends, before = begins + LOOKED_AT, b""
    file.seek(begins)
    while begins < ends and (block := file.read(BLOCK)):
        content = before + block
        at = content.find(SIGNATURE)
        while at >= 0:
            place, resumed = begins - len(before) + at, file.tell()
            yield place
            file.seek(resumed)
            at = content.find(SIGNATURE, at + 1)
        begins, before = begins + len(block), content[1 - len(SIGNATURE) :]


def _require_whole(file: BinaryIO, place: int, size: int) -> None:
    file.seek(place)
    head = file.read(HEAD.size)
    length = HEAD.unpack(head)[1] if len(head) == HEAD.size else size
    if place + length > size:
        return  # the library finds its end missing
    if length > LARGEST:
        raise ValueError("its texts are too long")
    parts = file.read(length - HEAD.size) if length > HEAD.size else b""
    at = 0
    while at + PART.size <= len(parts):
        index, _, _, held = PART.unpack_from(parts, at)
        step = PART.size + held + -held % 8 if index else held
        if step < PART.size or at + step > len(parts):
            raise ValueError("its texts are damaged")
        at += step
