"""The checksum: a line of text in a take's user block that tells whether any byte changed.

A sealed file begins with `teachloop take 1` (2: archived), its length and the CRC-32 of all that
follows the user block; the block is filled with zeros. A CRC-32 finds every flipped byte and misses
other damage once in 4 billion; it costs a fifth of a cryptographic digest, and ``finish`` has
to end in 0.2 s.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from ...runtime.regular_file import open_regular, open_to_read
from ..errors import NotATake, TakeDamaged, TakeMissing, WrongSchema
from .format import ARCHIVED, RECORDED, USER_BLOCK_BYTES
from .partial_checksum import PartialChecksum

MAGIC = b"teachloop take "
HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
UNFINISHED = b"%s%d\nunsealed\n" % (MAGIC, RECORDED)
VERSIONS = {b"%d" % version: version for version in (RECORDED, ARCHIVED)}


@dataclass(frozen=True, slots=True)
class Checksum:
    """Length of the whole file and checksum of what follows the user block, whose schema is of
    this version."""

    version: int
    length: int
    checksum: int

    def to_bytes(self) -> bytes:
        """The user block that carries this checksum."""
        text = f"{self.version}\nbytes {self.length}\ncrc32 {self.checksum:08x}\n"
        return (MAGIC + text.encode()).ljust(USER_BLOCK_BYTES, b"\0")


def mark_unfinished(path: Path) -> None:
    """Write the user block of a file that is still growing."""
    _write_block(path, UNFINISHED.ljust(USER_BLOCK_BYTES, b"\0"))


def write_checksum(
    path: Path, known: PartialChecksum | None = None, version: int = RECORDED
) -> None:
    """Checksum a closed file, of which some may be known, and fsync it."""
    found = Checksum(version, *_measure(path, known or PartialChecksum()))
    _write_block(path, found.to_bytes(), sync=True)


def read_checksum(path: Path) -> Checksum | None:
    """The checksum, or None of a file that was not finished. Raises on what is no take."""
    block = _read_block(path)
    if not block.startswith(MAGIC):
        raise NotATake(path, _describe(path, block))
    version, _, rest = block[len(MAGIC) :].partition(b"\n")
    if version not in VERSIONS:
        raise WrongSchema(path, ascii(version[:8].decode("latin-1")))
    if block == UNFINISHED.ljust(USER_BLOCK_BYTES, b"\0"):
        return None
    return _parse(path, block, VERSIONS[version], rest)


def check_length(path: Path) -> Checksum:
    """The checksum. Raises TakeDamaged unless the file is finished and as long as it says."""
    found = read_checksum(path)
    if found is None:
        raise TakeDamaged(path, "it was never finished (its checksum is missing)")
    length = path.stat().st_size
    if length != found.length:
        change = "cut short" if length < found.length else "made longer"
        raise TakeDamaged(path, f"it was {change}: {length} bytes instead of {found.length}")
    return found


def verify(path: Path) -> None:
    """Raise TakeDamaged if any byte changed since the file was sealed. Reads all of it."""
    sealed = check_length(path)
    if (sealed.length, sealed.checksum) != _measure(path, PartialChecksum()):
        raise TakeDamaged(path, "bytes in it changed since it was recorded (checksum differs)")


def _parse(path: Path, block: bytes, version: int, rest: bytes) -> Checksum:
    try:
        fields = dict(line.split(b" ") for line in rest.rstrip(b"\0").splitlines())
        found = Checksum(version, int(fields[b"bytes"]), int(fields[b"crc32"], 16))
    except (ValueError, KeyError):
        raise TakeDamaged(path, "its checksum is not readable") from None
    if found.to_bytes() != block:
        raise TakeDamaged(path, "its checksum is not readable")
    return found


def _measure(path: Path, known: PartialChecksum) -> tuple[int, int]:
    """Length and checksum."""
    with open_to_read(path) as file:
        length = os.fstat(file.fileno()).st_size
        return length, known.whole(file.fileno(), USER_BLOCK_BYTES, length)


def _read_block(path: Path) -> bytes:
    try:
        with open_to_read(path) as file:
            return file.read(USER_BLOCK_BYTES)
    except FileNotFoundError:
        raise TakeMissing(path) from None
    except OSError as error:
        raise NotATake(path, f"it cannot be read ({error.strerror})") from None


def _write_block(path: Path, block: bytes, *, sync: bool = False) -> None:
    descriptor = open_regular(path, os.O_RDWR)
    try:
        os.pwrite(descriptor, block, 0)
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _describe(path: Path, block: bytes) -> str:
    if not block:
        return "the file is empty"
    if block.startswith(HDF5_MAGIC):
        return "an HDF5 file, but teachloop's first line is missing"
    return "it does not begin as teachloop's files do"
