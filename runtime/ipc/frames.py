"""References to camera frames that lie in shared memory, and their reader in another process.

A ring's memory has no name in any folder. Linux shows it to other processes of the same user
as ``/proc/<pid>/fd/<number>``, where it is opened for reading only: nobody to whom frames are
shown can change them, and the memory still goes when its last process goes.
"""

import os
from collections import OrderedDict
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ..errors import TeachloopError
from .ring import Ring

KEPT = 32  # rings that stay mapped
Side = Annotated[int, Field(gt=0, le=4096)]


class NotShared(TeachloopError):
    def __init__(self, memory: str, reason: object) -> None:
        super().__init__(
            f"The frames at {memory} cannot be read: {reason}. Frames are shared on Linux, between "
            "programs of one user."
        )


class SharedFrame(BaseModel):
    """One frame: RGB (height, width, 3) at the beginning of a ring's record."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    memory: Annotated[str, Field(pattern=r"^/proc/\d{1,10}/fd/\d{1,7}$")]
    slots: Annotated[int, Field(gt=0, le=1 << 16)]
    capacity: Annotated[int, Field(gt=0, le=1 << 30)]
    index: Annotated[int, Field(ge=0, lt=1 << 62)]
    height: Side
    width: Side

    @classmethod
    def of(cls, ring: Ring, index: int, height: int, width: int) -> "SharedFrame":
        """A frame in a ring of this process."""
        return cls(
            memory=ring.path,
            slots=ring.slots,
            capacity=ring.capacity,
            index=index,
            height=height,
            width=width,
        )


class SharedFrames:
    """Maps the rings that references name, and copies frames out of them."""

    def __init__(self) -> None:
        self._rings: OrderedDict[tuple[str, int, int, int], Ring] = OrderedDict()

    def read(self, frame: SharedFrame) -> NDArray[np.uint8] | None:
        """The frame (height, width, 3); None where it was overwritten. Raises NotShared."""
        size = frame.height * frame.width * 3
        record = self._ring(frame).read(frame.index)
        if record is None:
            return None
        if len(record.payload) < size:
            raise NotShared(frame.memory, f"its records have {len(record.payload)} bytes")
        return record.payload[:size].reshape(frame.height, frame.width, 3)

    def _ring(self, frame: SharedFrame) -> Ring:
        try:
            key = frame.memory, os.stat(frame.memory).st_ino, frame.slots, frame.capacity
            if key not in self._rings:
                self._rings[key] = Ring.open(frame.memory, frame.slots, frame.capacity)
        except (OSError, ValueError) as error:
            raise NotShared(frame.memory, error) from error
        self._rings.move_to_end(key)
        while len(self._rings) > KEPT:
            self._rings.popitem(last=False)
        return self._rings[key]
