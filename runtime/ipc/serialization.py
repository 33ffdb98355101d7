"""msgpack, for messages between processes."""

from typing import Any

import msgpack


def pack(message: Any) -> bytes:
    """msgpack, in the few plain types that it knows."""
    packed = msgpack.packb(message)
    assert packed is not None  # its type says so, its code never does it
    return packed
