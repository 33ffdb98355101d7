"""``tf.train.Example`` as bytes that come part by part, so that none needs to be held whole.

It is a protobuf message (https://protobuf.dev/programming-guides/encoding): a field is its number
and kind in one byte, the length of what follows, and that. An Example holds Features in its field
1; Features hold in their field 1, for each feature, its name (1) and a Feature (2); a Feature holds
a list of bytes (1), of floats (2) or of integers (3), whose values are its field 1, numbers one
behind the other (tensorflow/core/example/example.proto and feature.proto).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from numpy.typing import NDArray

BYTES, FLOATS, INTEGERS = 1, 2, 3
OF_A_LENGTH = 2  # a kind of field
READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Encoded:
    """A message, or the inside of one; its parts can be gone through once."""

    size: int  # bytes
    parts: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Values:
    """Those of one feature."""

    kind: int
    encoded: Encoded


def floats(rows: NDArray) -> Values:
    """Of any shape, row by row, as float32."""
    return _packed(FLOATS, rows.astype("<f4").tobytes())


def integers(rows: NDArray) -> Values:
    """Of any shape, row by row, none below 0."""
    return _packed(INTEGERS, b"".join(varint(value) for value in rows.ravel().tolist()))


def texts(values: Sequence[str]) -> Values:
    content = b"".join(listed(text.encode()) for text in values)
    return Values(BYTES, Encoded(len(content), [content]))


def texts_in(path: Path) -> Values:
    """What ``listed`` made of each, one behind the other in a file."""
    return Values(BYTES, Encoded(path.stat().st_size, _content(path)))


def listed(value: bytes) -> bytes:
    """One of the values of a list of bytes."""
    return _before(1, len(value)) + value


def example(features: Mapping[str, Values]) -> Encoded:
    """One of these features, by name."""
    encoded = [_entry(name, values) for name, values in features.items()]
    size = sum(each.size for each in encoded)
    head = _before(1, size)
    return Encoded(len(head) + size, chain([head], *(each.parts for each in encoded)))


def _entry(name: str, values: Values) -> Encoded:
    """A feature as Features hold it."""
    size, key = values.encoded.size, listed(name.encode())
    inner = _before(values.kind, size)
    feature = _before(2, len(inner) + size)
    head = _before(1, len(key) + len(feature) + len(inner) + size) + key + feature + inner
    return Encoded(len(head) + size, chain([head], values.encoded.parts))


def _packed(kind: int, content: bytes) -> Values:
    """A list of numbers."""
    encoded = listed(content)
    return Values(kind, Encoded(len(encoded), [encoded]))


def _before(number: int, size: int) -> bytes:
    """What comes before a field of so many bytes."""
    return bytes([number << 3 | OF_A_LENGTH]) + varint(size)


def varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    content = bytearray()
    while value > 0x7F:
        content.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*content, value])


def _content(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(READ_BYTES):
            yield part
