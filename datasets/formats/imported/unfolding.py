"""The rows of a data set, some at a time. What is packed is unpacked here and not by HDF5, which
takes as much memory for it as the packed bytes ask for, whatever size the data set tells."""

import zlib
from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any, TypeAlias

import h5py
import numpy as np
from numpy.typing import NDArray

from ...takes.hdf5_validation import require_inside

LARGEST_BYTES = 1 << 27  # of the rows that are held at a time
AT_ONCE_BYTES = 1 << 22  # of rows that could be read one by one
Shape: TypeAlias = tuple[int, ...]
GZIP = h5py.h5z.FILTER_DEFLATE


def blocks(name: str, dataset: h5py.Dataset) -> Iterator[NDArray[Any]]:
    """All rows in their order. Raises ValueError, OSError, RuntimeError."""
    packed = _require_held(name, dataset)
    rows = _rows_at_once(name, dataset)
    for begin in range(0, len(dataset), rows):
        if packed is None:
            yield dataset[begin : begin + rows]
        else:
            yield _unfolded(name, dataset, packed, begin)


def _require_held(name: str, dataset: h5py.Dataset) -> Shape | None:
    """All of its rows lie in the file. The shape of its pieces where they are packed. Raises
    ValueError."""
    require_inside(name, dataset)
    made = dataset.id.get_create_plist()
    filters = [made.get_filter(number)[0] for number in range(made.get_nfilters())]
    if filters not in ([], [GZIP]):
        raise ValueError(f"{name!r} is packed otherwise than by gzip alone")
    if not filters and dataset.id.get_storage_size() < dataset.nbytes:
        raise ValueError(f"{name!r} tells {len(dataset)} rows, and not all were written")
    return dataset.chunks if filters else None


def _rows_at_once(name: str, dataset: h5py.Dataset) -> int:
    """Raises ValueError where they are too large."""
    size = max(1, prod(dataset.shape[1:]) * dataset.dtype.itemsize)
    rows = dataset.chunks[0] if dataset.chunks else max(1, AT_ONCE_BYTES // size)
    if rows * size > LARGEST_BYTES:
        raise ValueError(f"{name!r} is stored in pieces of {rows * size} bytes, too large to hold")
    return rows


def _unfolded(name: str, dataset: h5py.Dataset, pieces: Shape, begin: int) -> NDArray[Any]:
    """The rows of one piece's length from there on."""
    length, *steps = pieces
    rows = min(length, len(dataset) - begin)
    block = np.empty((rows, *dataset.shape[1:]), dataset.dtype)
    sides = (range(0, side, step) for side, step in zip(block.shape[1:], steps, strict=True))
    for corner in product(*sides):
        spans = (slice(at, at + step) for at, step in zip(corner, steps, strict=True))
        target = block[(slice(None), *spans)]
        piece = _piece(name, dataset, pieces, (begin, *corner))
        target[...] = piece[tuple(slice(0, side) for side in target.shape)]
    return block


def _piece(name: str, dataset: h5py.Dataset, shape: Shape, corner: Shape) -> NDArray[Any]:
    """Raises ValueError."""
    size = prod(shape) * dataset.dtype.itemsize
    if dataset.id.get_chunk_info_by_coord(corner).size > size + size // 100 + 1024:
        raise ValueError(f"a piece of {name!r} is larger than what it holds")
    is_plain, content = dataset.id.read_direct_chunk(corner)
    if not is_plain:
        content = _inflated(name, content, size)
    if len(content) != size:
        raise ValueError(f"a piece of {name!r} unfolds to another size than it tells")
    return np.frombuffer(content, dataset.dtype).reshape(shape)


def _inflated(name: str, content: bytes, size: int) -> bytes:
    """At most one byte more than there should be."""
    try:
        return zlib.decompressobj().decompress(content, size + 1)
    except zlib.error:
        raise ValueError(f"a piece of {name!r} cannot be unpacked") from None
