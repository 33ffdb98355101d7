"""The growing data sets of a take: created before SWMR starts, appended to until it ends."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from ..errors import TakeNotWritable
from .attributes import closing_text
from .background_sync import Extent
from .format import RecordKind, TakeInfo, record_kinds, tables

ROWS_PER_CHUNK = 64
FEW_CHUNKS = 64  # that are full are not worth the search
SHARE = 48  # nor is less than this part of all of them, since the search goes through all


class Growing:
    """One data set that rows are added to at its end."""

    def __init__(self, group: h5py.Group, name: str, dtype: Any, chunk: int) -> None:
        self._dataset = group.create_dataset(name, (0,), dtype, maxshape=(None,), chunks=(chunk,))
        self._chunk = chunk
        self._told = 0  # chunks that ``full_chunks`` told of
        self.rows = 0

    def extend(self, rows: NDArray[Any]) -> None:
        """Write rows (n,) behind the last one. Raises TakeNotWritable, as on a full disk."""
        end = self.rows + len(rows)
        try:
            self._dataset.resize((end,))
            self._dataset[self.rows : end] = rows
        except (OSError, RuntimeError) as error:
            raise TakeNotWritable(Path(self._dataset.file.filename), error) from error
        self.rows = end

    def full_chunks(self) -> Sequence[Extent]:
        """Where chunks lie that became full since this was asked last: HDF5 moves none that no
        filter compresses. None while they are few. To be asked after a flush."""
        full = self.rows // self._chunk
        if full - self._told < max(FEW_CHUNKS, full // SHARE):
            return ()
        found = self._found(range(self._told * self._chunk, full * self._chunk))
        self._told = full
        newest = max(found, default=None)
        if newest is None or not self._lies(newest, found[newest]):
            return ()
        return list(found.values())

    def _found(self, rows: range) -> dict[int, Extent]:
        """By first row."""
        found: dict[int, Extent] = {}

        def look(chunk: Any) -> None:
            if chunk.chunk_offset[0] in rows:
                found[chunk.chunk_offset[0]] = Extent(chunk.byte_offset, chunk.size)

        self._dataset.id.chunk_iter(look)
        return found

    def _lies(self, row: int, extent: Extent) -> bool:
        """Whether a chunk is there: some HDF5 count from behind the user block."""
        file = self._dataset.file.id.get_vfd_handle()
        rows = self._dataset[row : row + self._chunk]
        return os.pread(file, extent.length, extent.offset) == rows.tobytes()


class Table:
    """Rows of one type, kept in memory until ``write``."""

    def __init__(self, group: h5py.Group, row: np.dtype) -> None:
        self.samples = Growing(group, "samples", row, ROWS_PER_CHUNK)
        self._row = row
        self._pending: list[tuple[Any, ...]] = []

    def append(self, row: tuple[Any, ...]) -> None:
        self._pending.append(row)

    def write(self) -> None:
        if self._pending:
            self.samples.extend(np.array(self._pending, self._row))
            self._pending.clear()


class Records:
    """An index and the payloads it points into, kept in memory until ``write``."""

    def __init__(self, group: h5py.Group, kind: RecordKind) -> None:
        self.index = Growing(group, "index", kind.row, ROWS_PER_CHUNK)
        self.payload = Growing(group, kind.payload, kind.payload_type, kind.chunk)
        self._kind = kind
        self._rows: list[tuple[Any, ...]] = []
        self._payloads: list[NDArray[Any]] = []
        self._end = 0

    def append(self, key: tuple[Any, ...], payload: NDArray[Any]) -> None:
        """Add a payload (n,), n ≥ 1, under the fields that come before its place."""
        self._rows.append((*key, self._end, len(payload)))
        self._payloads.append(payload)
        self._end += len(payload)

    def write(self) -> None:
        """The payloads first: an index row in the file always has its bytes."""
        if self._rows:
            self.payload.extend(np.concatenate(self._payloads))
            self.index.extend(np.array(self._rows, self._kind.row))
            self._rows.clear()
            self._payloads.clear()


class Streams:
    """All streams of one take."""

    def __init__(self, file: h5py.File, info: TakeInfo) -> None:
        self.tables = {
            name: Table(file.create_group(name), row) for name, row in tables(info).items()
        }
        self.records = {
            name: Records(file.create_group(name), kind)
            for name, kind in record_kinds(info).items()
        }
        self._closing = Growing(file, "closing", "u1", 1024)

    def write(self) -> None:
        for stream in (*self.records.values(), *self.tables.values()):
            stream.write()

    def full_chunks(self) -> Sequence[Extent]:
        """What of the payloads, which are nearly all of a take, is never written again."""
        return [each for records in self.records.values() for each in records.payload.full_chunks()]

    def close(self, info: TakeInfo) -> None:
        """Write what is known at the end."""
        self._closing.extend(np.frombuffer(closing_text(info), np.uint8))
