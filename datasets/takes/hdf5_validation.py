"""Finds the data sets of a take and refuses what cannot be theirs, before reading it."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from ..errors import TakeDamaged
from .format import RecordKind

FARTHEST = 1e3  # of a number in a pose: metres, or a rotation's
LARGEST_CHUNK_BYTES = 1 << 24  # HDF5 reads whole chunks, however few rows are asked for
# What h5py and json raise on content that is not what was written
UNREADABLE = (
    OSError,
    RuntimeError,
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    AttributeError,
    MemoryError,
)


@contextmanager
def reading(path: Path, what: str = "its content") -> Iterator[None]:
    """Turn any error of a library into TakeDamaged."""
    try:
        yield
    except UNREADABLE as error:
        raise TakeDamaged(path, f"{what} cannot be read ({error!s:.300})") from error


def find(file: h5py.File, name: str, dtype: Any) -> h5py.Dataset:
    """The data set, of this type, in this very file and no larger than it. Raises LookupError,
    ValueError."""
    dataset = item_at(file, name)
    if not isinstance(dataset, h5py.Dataset) or dataset.ndim != 1:
        raise ValueError(f"{name!r} is not a list of rows")
    if dataset.dtype != np.dtype(dtype):
        raise ValueError(f"{name!r} has rows of another type: {dataset.dtype}")
    _require_bytes(file, name, dataset)
    return dataset


def item_at(group: h5py.Group, name: str) -> Any:
    """What has this name, and every part of it is here, and no link: whoever wrote it could have
    it lead to any file of the reader's machine. Raises LookupError, ValueError."""
    item: Any = group
    for part in name.split("/"):
        link = item.get(part, getlink=True) if isinstance(item, h5py.Group) else None
        if link is None:
            raise LookupError(f"data set {name!r} is missing")
        if not isinstance(link, h5py.HardLink):
            raise ValueError(f"{name!r} is a link to somewhere else, which is not followed")
        item = item[part]
    return item


def require_inside(name: str, dataset: h5py.Dataset) -> None:
    """Raises ValueError where its rows lie in another file."""
    if dataset.external or dataset.is_virtual:
        raise ValueError(f"the rows of {name!r} lie in another file, which is not followed")


def _require_bytes(file: h5py.File, name: str, dataset: h5py.Dataset) -> None:
    """Its rows lie in the file, as they are: nothing is fetched, unfolded or made up."""
    require_inside(name, dataset)
    size, held = dataset.dtype.itemsize, Path(file.filename).stat().st_size
    if len(dataset) * size > held:
        raise ValueError(f"{name!r} says it has {len(dataset)} rows, more than the file holds")
    chunk = math.prod(dataset.chunks or ()) * size
    if chunk > LARGEST_CHUNK_BYTES:
        raise ValueError(f"{name!r} has chunks of {chunk} bytes, which no take has")


def find_records(file: h5py.File, name: str, kind: RecordKind) -> tuple[NDArray[Any], h5py.Dataset]:
    """Index rows and payload of a stream of records; raises ValueError where they disagree."""
    payload = find(file, f"{name}/{kind.payload}", kind.payload_type)
    rows = find(file, f"{name}/index", kind.row)[:]
    whole = whole_records(rows, len(payload))
    if whole != len(rows):
        raise ValueError(f"{name!r} has {len(rows)} index rows, but {whole} whole records")
    end = rows["offset"][-1] + rows["length"][-1] if whole else 0
    if end != len(payload):
        raise ValueError(f"{name!r} has {len(payload) - end} payload elements without index row")
    return rows, payload


def whole_records(rows: NDArray[Any], payload: int) -> int:
    """How many index rows from the first on follow each other within the payload's length."""
    length, offset = rows["length"], rows["offset"]
    ends = np.concatenate([[0], offset + length])
    good = (length > 0) & (offset == ends[:-1]) & (ends[1:] <= payload) & (rows["time_ns"] > 0)
    return int(np.argmin(good)) if not good.all() else len(rows)


def require_poses(columns: Mapping[str, NDArray[Any]]) -> None:
    """Raises ValueError where a column of poses holds numbers that are in none."""
    for name, column in columns.items():
        if name.endswith("_pose") and not (np.abs(column) < FARTHEST).all():
            raise ValueError(f"{name!r} holds what is no pose")
