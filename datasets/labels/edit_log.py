"""The append-only log of edits: one JSON line for each revision, fsynced before it counts."""

import fcntl
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from ...runtime.atomic_file import sync_folder
from ...runtime.disk_errors import DiskRefused
from ...runtime.regular_file import open_regular, open_to_append, read_bytes
from ...runtime.validation import sort_of
from ..errors import LabelsDamaged, LabelsUnreadable, WrongLabel
from ..takes.metadata_validation import is_count
from .edit_json import edit_from_json, edit_to_json
from .edits import Edit
from .label_values import require, require_texts

TORN = "torn.jsonl"
BOM = b"\xef\xbb\xbf"  # as some editors begin a file, which end lines with a return as well
CHECKSUM = b',"crc32":"'  # last in its line, over what comes before it
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError, WrongLabel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One revision: who changed what, when."""

    revision: int
    base: int  # the revision that the author saw
    author: str
    time: str  # ISO 8601 with offset
    edits: tuple[Edit, ...]

    def __post_init__(self) -> None:
        require_texts(author=self.author, time=self.time)
        require(is_count(self.revision), "revision", self.revision)
        require(is_count(self.base), "base", self.base)

    def to_line(self) -> bytes:
        """The line of the log, its newline included."""
        values = {name: getattr(self, name) for name in ("revision", "base", "author", "time")}
        values["edits"] = [edit_to_json(edit) for edit in self.edits]
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        return b'%s%s%08x"}\n' % (text[:-1], CHECKSUM, zlib.crc32(text[:-1]))


FIELDS = frozenset(Entry.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Part:
    """Whole lines read from the log, and where they end."""

    entries: tuple[Entry, ...]
    end: int  # bytes from the log's beginning; what follows was torn by a crash
    torn: bytes = b""


class EditLog:
    """The file `edits.jsonl`. A torn last line is not there for readers."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def size(self) -> int:
        """Bytes in the file; 0 where there is none."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise LabelsUnreadable(self.path, error) from error

    def read_bytes(self) -> bytes:
        """All of it; nothing where there is none."""
        try:
            return read_bytes(self.path)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise LabelsUnreadable(self.path, error) from error

    def read(self, start: int = 0, lines_before: int = 0) -> Part:
        """What follows byte ``start``. Raises LabelsDamaged on a line that is not whole."""
        content = self.read_bytes()[start:]
        *lines, rest = content.split(b"\n")
        whole = (line for line in lines if line.strip())
        entries = [self._entry(line, lines_before + number) for number, line in enumerate(whole, 1)]
        return Part(tuple(entries), start + len(content) - len(rest), rest)

    def entries(self) -> Iterator[tuple[Entry, int]]:
        """Each revision, and where its line ends, up to the first that is not whole; there it
        raises LabelsDamaged."""
        end, number = 0, 0
        for line in self.read_bytes().split(b"\n")[:-1]:
            end += len(line) + 1
            if line.strip():
                number += 1
                yield self._entry(line, number), end

    def read_settled(self) -> Part:
        """All of it, at a moment at which nobody appends; also LabelsUnreadable."""
        try:
            descriptor = open_regular(self.path)
        except FileNotFoundError:
            return Part((), 0)
        except OSError as error:
            raise LabelsUnreadable(self.path, error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            return self.read()
        finally:
            os.close(descriptor)

    @contextmanager
    def appending(self) -> Iterator[int]:
        """Be the only one who appends; gives the file's descriptor."""
        try:
            self.path.parent.mkdir(exist_ok=True)  # of a take that is there
            descriptor = open_regular(self.path, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise LabelsUnreadable(self.path, error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def append(self, descriptor: int, entry: Entry, end: int) -> int:
        """Write the entry at ``end``, where whole lines end, and fsync; returns the new end.

        Raises DiskRefused; then the log is as it was.
        """
        self.cut(descriptor, end, TORN)
        line = entry.to_line()
        try:
            _write(descriptor, line, end)
            if end == 0:
                sync_folder(self.path.parent)
        except OSError as error:
            os.ftruncate(descriptor, end)  # half a line is not said
            named = OSError(error.errno, error.strerror, str(self.path))
            raise DiskRefused(named) from error
        return end + len(line)

    def cut(self, descriptor: int, end: int, name: str) -> None:
        """Take what follows ``end`` off the log, keeping its bytes in another file beside it."""
        rest = os.pread(descriptor, self.size() - end, end)
        if rest:
            with open_to_append(self.path.parent / name) as file:
                file.write(rest.removesuffix(b"\n") + b"\n")
                file.flush()
                os.fsync(file.fileno())
            os.ftruncate(descriptor, end)

    def _entry(self, line: bytes, number: int) -> Entry:
        text, _, checksum = line.removeprefix(BOM).rstrip(b"\r\n").rpartition(CHECKSUM)
        if checksum != b'%08x"}' % zlib.crc32(text):
            raise LabelsDamaged(self.path, number, "its checksum differs")
        try:
            return _entry_of(json.loads(text + b"}"))
        except UNREADABLE as error:
            raise LabelsDamaged(
                self.path, number, f"not an edit ({str(error).rstrip('.')})"
            ) from error


def _entry_of(values: JsonValue) -> Entry:
    """Raises ValueError, WrongLabel on others."""
    if not isinstance(values, dict) or values.keys() != FIELDS:
        raise ValueError(f"it must be a map of {', '.join(sorted(FIELDS))}")
    edits = values["edits"]
    if not isinstance(edits, list):
        raise ValueError(f"its edits are {sort_of(edits)} and no list")
    made: dict[str, Any] = {**values, "edits": tuple(map(edit_from_json, edits))}
    return Entry(**made)  # which looks at the types of the rest


def _write(descriptor: int, line: bytes, start: int) -> None:
    """All of it, and onto the disk. Raises OSError."""
    written = 0
    while written < len(line):
        written += os.pwrite(descriptor, line[written:], start + written)
    os.fsync(descriptor)
