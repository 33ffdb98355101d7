"""msgpack, for messages between processes."""

import msgpack
from pydantic import BaseModel


def pack(message: BaseModel) -> bytes:
    """A message as one map of msgpack."""
    return pack_plain(message.model_dump())


def pack_plain(value: object) -> bytes:
    """msgpack, in the few plain types that it knows; raises TypeError for others."""
    packed = msgpack.packb(value)
    assert packed is not None  # its type says so, its code never does it
    return packed
