"""msgpack, for messages between processes."""

import msgpack
from pydantic import BaseModel

from ..errors import TeachloopError


class NotPacked(TeachloopError):
    """Bytes that are no msgpack of plain values."""

    def __init__(self) -> None:
        super().__init__(
            "That is no message: it should be plain values in msgpack, texts as the names in maps."
        )


def pack(message: BaseModel) -> bytes:
    """A message as one map of msgpack."""
    return pack_plain(message.model_dump())


def pack_plain(value: object) -> bytes:
    """msgpack, in the few plain types that it knows; raises TypeError for others."""
    packed = msgpack.packb(value)
    assert packed is not None  # its type says so, its code never does it
    return packed


def unpack_plain(data: bytes) -> object:
    """The value of one message from another process. Raises NotPacked."""
    try:
        return msgpack.unpackb(data)
    except (ValueError, TypeError, LookupError, OverflowError, msgpack.UnpackException) as error:
        raise NotPacked from error
