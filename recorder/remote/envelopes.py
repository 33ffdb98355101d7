"""The parts of a message that travels between two machines."""

import struct
from dataclasses import dataclass

from ...runtime.errors import TeachloopError

_NUMBER = struct.Struct("<q")
_HEADED = 4


class NoEnvelope(TeachloopError):
    """Parts that no version of ours sends."""

    def __init__(self) -> None:
        super().__init__("That is no message between two machines of teachloop.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the robot's machine."""

    whom: bytes
    number: int  # comes back with the answer
    heard_ns: int  # the newest time that was heard of its own clock; 0: none
    payload: bytes

    @property
    def parts(self) -> list[bytes]:
        numbers = _NUMBER.pack(self.number), _NUMBER.pack(self.heard_ns)
        return [self.whom, *numbers, self.payload]

    @classmethod
    def of(cls, parts: list[bytes]) -> "Asked":
        """Raises NoEnvelope."""
        if len(parts) != _HEADED:
            raise NoEnvelope
        whom, number, heard, payload = parts
        return cls(whom, _number(number), _number(heard), payload)


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a request."""

    number: int
    payload: bytes

    @property
    def parts(self) -> list[bytes]:
        return [_NUMBER.pack(self.number), self.payload]

    @classmethod
    def of(cls, parts: list[bytes]) -> "Answered":
        """Raises NoEnvelope."""
        if len(parts) != 2:
            raise NoEnvelope
        return cls(_number(parts[0]), parts[1])


def _number(part: bytes) -> int:
    try:
        (number,) = _NUMBER.unpack(part)
    except struct.error:
        raise NoEnvelope from None
    return number
