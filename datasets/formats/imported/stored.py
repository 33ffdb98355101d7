"""What is read of an HDF5 file that somebody else wrote: texts and numbers of the kind and shape
that are asked for, looked at before they are read, and no link of it is followed."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from ...labels.masks import MAX_SIDE
from ...takes.hdf5_validation import UNREADABLE, item_at
from ...takes.jpeg import MOST_PIXELS
from .episode import EpisodeRefused, Floats
from .heaps import require_whole_heaps
from .unfolding import blocks

MOST_NAMES = 200_000  # of demos, or of the data sets of one
LARGEST = 1e5  # of any number in a demo: metres, radians, rad/s
WIDEST = 1000  # numbers of a step
LARGEST_TEXT = 1 << 24  # bytes
LARGEST_TABLE = 1 << 27  # bytes of one in JSON: some 300,000 masks
LONGEST_NAME = 200
Size = tuple[int, int]  # height, width


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turns what h5py and we raise of a file into EpisodeRefused."""
    try:
        yield
    except UNREADABLE as error:
        reason = " ".join(f"{error!s:.300}".split()) or type(error).__name__
        raise EpisodeRefused(f"{what} cannot be read: {reason}.") from error


@contextmanager
def opened(path: Path, what: str) -> Iterator[h5py.File]:
    """Raises EpisodeRefused, also for what is raised while it is open, in the words of ``what``."""
    with reading(what):
        require_whole_heaps(path)
        with h5py.File(path, "r") as file:
            yield file


def group_at(group: h5py.Group, name: str) -> h5py.Group:
    """Raises LookupError, ValueError."""
    found = item_at(group, name)
    if not isinstance(found, h5py.Group):
        raise ValueError(f"{name!r} is no group")
    return found


def dataset_at(group: h5py.Group, name: str) -> h5py.Dataset:
    """One of at least one axis. Raises LookupError, ValueError."""
    found = item_at(group, name)
    if not isinstance(found, h5py.Dataset) or not found.shape:
        raise ValueError(f"{name!r} is no table")
    return found


def has(group: h5py.Group, name: str) -> bool:
    """Whether something in this very file has the name. Raises ValueError where it is a link."""
    try:
        item_at(group, name)
    except LookupError:
        return False
    return True


def names_in(group: h5py.Group) -> list[str]:
    """Raises ValueError."""
    if len(group) > MOST_NAMES:
        raise ValueError(f"{group.name!r} has {len(group)} members")
    return [whole(name) for name in group]


def table_at(group: h5py.Group, name: str, steps: int) -> h5py.Dataset:
    """One of plain numbers at each step, (steps, n) or (steps,). Raises LookupError, ValueError."""
    dataset = dataset_at(group, name)
    if dataset.dtype.kind not in "fiub" or dataset.dtype.itemsize > 8:
        raise ValueError(f"{name!r} holds no plain numbers")
    if dataset.shape[0] != steps or dataset.ndim > 2 or max(dataset.shape[1:], default=1) > WIDEST:
        raise ValueError(f"{name!r} has the shape {dataset.shape}, and there are {steps} steps")
    return dataset


def numbers(group: h5py.Group, name: str, steps: int, width: int) -> Floats:
    """All of a table (steps, width); (steps,) is one of width 1. Raises LookupError, ValueError."""
    dataset = table_at(group, name, steps)
    if max(dataset.shape[1:], default=1) != width:
        raise ValueError(f"{name!r} has the shape {dataset.shape}, not {(steps, width)}")
    rows = np.concatenate([*blocks(name, dataset)]).astype(np.float64).reshape(steps, width)
    if not (np.abs(rows) <= LARGEST).all():
        raise ValueError(f"{name!r} is not of finite numbers that can be")
    return rows


def picture_size(group: h5py.Group, name: str, steps: int) -> Size | None:
    """Of one picture a step; None where it holds no colours. Raises LookupError, ValueError."""
    found = item_at(group, name)
    if not isinstance(found, h5py.Dataset) or found.dtype != np.uint8 or found.ndim != 4:
        return None
    count, height, width, colours = found.shape
    if colours != 3:
        return None
    if count != steps:
        raise ValueError(f"{name!r} has {count} pictures, and there are {steps} steps")
    if not 0 < min(height, width) <= max(height, width) <= MAX_SIDE or height * width > MOST_PIXELS:
        raise ValueError(f"{name!r} is of {width} × {height} pixels")
    return height, width


def pictures(group: h5py.Group, name: str) -> Iterator[NDArray[np.uint8]]:
    """RGB (height, width, 3) of each step. Raises as ``picture_size``, and as ``blocks``."""
    for block in blocks(name, dataset_at(group, name)):
        yield from block


def texts(group: h5py.Group, name: str, most: int) -> list[str]:
    """A list of short texts. Raises LookupError, ValueError."""
    dataset = dataset_at(group, name)
    kind = dataset.dtype
    is_short = kind.kind == "S" and kind.itemsize <= LONGEST_NAME
    if not is_short or dataset.ndim != 1 or len(dataset) > most:
        raise ValueError(f"{name!r} is no list of names")
    return [whole(each) for block in blocks(name, dataset) for each in block.tolist()]


def json_bytes(group: h5py.Group, name: str) -> str:
    """A text that lies as bytes in a table, also a long one; "" where there is none. Raises
    ValueError."""
    if not has(group, name):
        return ""
    dataset = dataset_at(group, name)
    if dataset.dtype != np.uint8 or dataset.ndim != 1 or len(dataset) > LARGEST_TABLE:
        raise ValueError(f"{name!r} is no text")
    return b"".join(block.tobytes() for block in blocks(name, dataset)).decode()


def text(group: h5py.Group, name: str) -> str:
    """An attribute; "" where there is none. Raises ValueError."""
    if name not in group.attrs:
        return ""
    kind = group.attrs.get_id(name)
    if kind.shape != () or h5py.check_string_dtype(kind.dtype) is None:
        raise ValueError(f"{name!r} is no text")
    if kind.get_storage_size() > LARGEST_TEXT:
        raise ValueError(f"{name!r} is too long a text")
    return whole(group.attrs[name])


def number(group: h5py.Group, name: str) -> float | None:
    """An attribute; None where there is none. Raises ValueError."""
    if name not in group.attrs:
        return None
    kind = group.attrs.get_id(name)
    if kind.shape != () or kind.dtype.kind not in "fiub" or kind.dtype.itemsize > 8:
        raise ValueError(f"{name!r} is no number")
    value: Any = group.attrs[name]
    return float(value)


def json_of(group: h5py.Group, name: str) -> JsonValue:
    """Of an attribute; None where there is none. Raises ValueError."""
    content = text(group, name)
    try:
        return json.loads(content) if content else None
    except (ValueError, RecursionError):
        raise ValueError(f"{name!r} is no JSON") from None


def texts_of(group: h5py.Group, name: str) -> list[str]:
    """The texts of a list in JSON. Raises ValueError."""
    found: Sequence[Any] | JsonValue = json_of(group, name) or []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError(f"{name!r} is no list of texts")
    return [whole(each) for each in found]


def whole(value: Any) -> str:
    """A text as it can be stored again."""
    content = value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
    return content.decode("utf-8", "replace")
