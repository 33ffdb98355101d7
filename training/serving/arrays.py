"""msgpack with numpy arrays, as openpi's clients and servers write it.

An array is ``{b"__ndarray__": True, b"data": …, b"dtype": "<f8", b"shape": [2, 3]}``, a numpy
scalar ``{b"__npgeneric__": True, b"data": …, b"dtype": …}``. Nothing is ever unpickled: objects,
structures and complex numbers are refused in both directions.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

import msgpack
import numpy as np
from numpy.typing import NDArray

from ...runtime.errors import TeachloopError
from ...runtime.validation import sort_of

Number: TypeAlias = np.bool_ | np.integer | np.floating
Single: TypeAlias = bool | int | float | str | bytes | NDArray[Number] | Number | None
Value: TypeAlias = "Single | Sequence[Value] | Mapping[str, Value]"
Message: TypeAlias = Mapping[str, Value]
_Entry: TypeAlias = Mapping[str | bytes, Value]

KINDS = "biuf"  # bool, whole numbers, floating point
DIMENSIONS = 8
LONGEST = 1 << 31


class NotUnderstood(TeachloopError):
    """A message that this protocol does not know."""

    def __init__(self, reason: str | Exception) -> None:
        words = str(reason).removesuffix(".")
        super().__init__(f"The message was not understood: {words}. See docs/serving.md.")


def pack(message: Message) -> bytes:
    """Raises TypeError on what the protocol has no form for."""
    packed = msgpack.packb(message, default=_packed)
    assert packed is not None  # its type says so, its code never does it
    return packed


def unpack(data: bytes) -> Message:
    """A message with read-only arrays. Raises NotUnderstood on anything but a map."""
    try:
        message = msgpack.unpackb(data, object_hook=_unpacked)
    except (ValueError, TypeError, OverflowError, msgpack.UnpackException) as error:
        reason = str(error).replace("NoneType", "nothing") or "it is no msgpack"
        raise NotUnderstood(reason) from error
    if not isinstance(message, dict):
        raise NotUnderstood(f"it is {sort_of(message)} and no map")
    return cast(Message, message)


def _packed(value: NDArray[Number] | Number) -> Mapping[bytes, Value]:
    if not isinstance(value, np.ndarray | np.generic) or value.dtype.kind not in KINDS:
        raise TypeError(f"no message holds a {type(value).__name__}")
    if isinstance(value, np.ndarray):
        content = {b"__ndarray__": True, b"data": value.tobytes(), b"shape": value.shape}
    else:
        content = {b"__npgeneric__": True, b"data": value.item()}
    return {**content, b"dtype": value.dtype.str}


def _unpacked(entry: _Entry) -> Value:
    if b"__ndarray__" in entry:
        return _array(entry.get(b"data"), _dtype(entry), entry.get(b"shape"))
    if b"__npgeneric__" in entry:
        scalar = entry.get(b"data")
        if not isinstance(scalar, bool | int | float):
            raise ValueError("a numpy scalar that is no number")
        return _dtype(entry).type(scalar)
    return cast(Message, entry)


def _dtype(entry: _Entry) -> "np.dtype[Number]":
    name = entry.get(b"dtype")
    if not isinstance(name, str) or len(name) > 8:
        raise ValueError("an array without a dtype such as '<f8'")
    dtype = np.dtype(name)
    if dtype.kind not in KINDS:
        raise ValueError(f"an array of {name!r}; it must be of plain numbers")
    return dtype


def _array(data: Value, dtype: "np.dtype[Number]", shape: Value) -> NDArray[Number]:
    if not isinstance(data, bytes) or not isinstance(shape, list) or len(shape) > DIMENSIONS:
        raise ValueError("an array without data and shape")
    sides = [side for side in shape if isinstance(side, int) and 0 <= side < LONGEST]
    if len(sides) != len(shape) or math.prod(sides) * dtype.itemsize != len(data):
        raise ValueError(f"{len(data)} bytes for an array {tuple(shape)} of {dtype.str!r}")
    return np.ndarray(sides, dtype, data)
