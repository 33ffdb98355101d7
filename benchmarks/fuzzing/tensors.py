"""Changes of safetensors files: an eight byte length, a header of JSON, then numbers."""

import json
from pathlib import Path

from .hostile import NUMBERS
from .mutators import Mutator, Value, json_text

HEAD = 8


def changed_file(m: Mutator, path: Path) -> None:
    """Another header, another length, other numbers, or any other bytes."""
    content = path.read_bytes()
    size = int.from_bytes(content[:HEAD], "little")
    header, numbers = json.loads(content[HEAD : HEAD + size]), content[HEAD + size :]
    how = m.below(5)
    if how == 0:
        path.write_bytes(m.changed(content))
    elif how == 1:
        length = int(m.draw.choice([n for n in NUMBERS if isinstance(n, int)])) % (1 << 64)
        path.write_bytes(length.to_bytes(HEAD, "little") + content[HEAD:])
    elif how == 2:
        path.write_bytes(_whole(json_text(header), m.changed(numbers)[: len(numbers)]))
    else:
        path.write_bytes(_whole(json_text(_other_header(m, header)), numbers))


def _whole(header: bytes, numbers: bytes) -> bytes:
    return len(header).to_bytes(HEAD, "little") + header + numbers


def _other_header(m: Mutator, header: dict[str, dict[str, Value]]) -> Value:
    """A tensor of another type, shape, place or name, so that its bytes still fit; or anything."""
    if m.chance(0.4):
        return m.value({**header})
    name = m.draw.choice([key for key in header if key != "__metadata__"])
    entry = dict(header[name])
    how = m.below(4)
    if how == 0:
        entry["dtype"] = m.draw.choice(("I32", "F32", "I8", "BOOL", "F16", "BF16", "F8_E4M3", "X"))
    elif how == 1:
        shape = entry["shape"]
        assert isinstance(shape, list)
        entry["shape"] = m.draw.choice((shape[::-1], [*shape, 1], [1, *shape], [0], [1 << 40], []))
    elif how == 2:
        return {**{key: each for key, each in header.items() if key != name}, f"{name}.x": entry}
    else:
        return {key: each for key, each in header.items() if key != name}
    return {**header, name: entry}
