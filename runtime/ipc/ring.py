"""A ring of records in shared memory: one process writes, any number read, nobody waits.

Each slot carries a sequence number that is odd while the slot is written (a seqlock), so a
reader that was overtaken finds out and gets None instead of a torn record. The memory is
anonymous and travels as an open file descriptor: it goes when its last process goes, also
after a kill -9, and it outlives a writer that is started again.
"""

import mmap
import os
import tempfile
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAME = "teachloop-ring"
_HEAD_BYTES = 64
_SEQUENCE, _NUMBER, _TIME, _DEVICE_TIME, _LENGTH = range(5)


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """What a record says about itself."""

    index: int  # position in the ring's stream
    number: int  # counted by the device; a gap is a drop
    time_ns: int
    device_time_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One record, copied out of the ring."""

    stamp: Stamp
    payload: NDArray[np.uint8]


def memory(size: int) -> int:
    """A file descriptor of ``size`` bytes of anonymous shared memory, to be inherited."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create(NAME)
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, size)
    return descriptor


class Ring:
    """``slots`` records of up to ``capacity`` bytes; the oldest are overwritten."""

    def __init__(
        self, descriptor: int, slots: int, capacity: int, *, writable: bool = True
    ) -> None:
        self.descriptor, self.slots, self.capacity = descriptor, slots, capacity
        access = mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ
        buffer: Any = mmap.mmap(descriptor, self.size(slots, capacity), access=access)
        self._head = np.ndarray((1,), np.int64, buffer)
        self._stamps = np.ndarray((slots, 5), np.int64, buffer, _HEAD_BYTES)
        self._payloads = np.ndarray(
            (slots, capacity), np.uint8, buffer, _HEAD_BYTES + self._stamps.nbytes
        )

    @classmethod
    def open(cls, path: str, slots: int, capacity: int) -> "Ring":
        """Another process's ring, for reading only. Raises OSError, ValueError."""
        if not os.readlink(path).startswith(f"/memfd:{NAME} "):
            raise ValueError("that is no ring")
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return cls(descriptor, slots, capacity, writable=False)
        finally:
            os.close(descriptor)  # the mapping keeps the memory

    @property
    def path(self) -> str:
        """Where other processes of this user find its memory while this process lives."""
        return f"/proc/{os.getpid()}/fd/{self.descriptor}"

    @staticmethod
    def size(slots: int, capacity: int) -> int:
        """Bytes of memory that such a ring needs."""
        return _HEAD_BYTES + slots * (5 * 8 + capacity)

    @property
    def head(self) -> int:
        """How many records were ever published: the index of the next one."""
        return int(self._head[0])

    def publish(
        self, number: int, time_ns: int, device_time_ns: int, *parts: NDArray[Any] | bytes
    ) -> None:
        """Add one record, made of ``parts`` one behind the other.

        Raises ValueError where it is larger than the ring's capacity.
        """
        pieces = [np.frombuffer(part, np.uint8) for part in parts]
        size = sum(len(piece) for piece in pieces)
        if size > self.capacity:
            raise ValueError(f"a record of {size} bytes in a ring for {self.capacity}")
        head = self.head
        slot = head % self.slots
        self._stamps[slot, _SEQUENCE] = 2 * head + 1
        end = 0
        for piece in pieces:
            end += len(piece)
            self._payloads[slot, end - len(piece) : end] = piece
        self._stamps[slot, 1:] = (number, time_ns, device_time_ns, size)
        self._stamps[slot, _SEQUENCE] = 2 * head + 2
        self._head[0] = head + 1

    def stamp(self, index: int) -> Stamp | None:
        """The stamp of one record, or None where it was overwritten or never published."""
        sequence, number, time_ns, device_time_ns, _ = self._stamps[index % self.slots].tolist()
        whole = sequence == 2 * index + 2
        return Stamp(index, number, time_ns, device_time_ns) if whole else None

    def read(self, index: int) -> Record | None:
        """One record by its index, or None where it was overwritten or never published."""
        stamp = self.stamp(index) if 0 <= index < self.head else None
        if stamp is None:
            return None
        slot = index % self.slots
        payload = self._payloads[slot, : int(self._stamps[slot, _LENGTH])].copy()
        return Record(stamp, payload) if self.stamp(index) is not None else None

    def newest(self) -> Record | None:
        """The newest whole record, or None before the first."""
        for _ in range(3):
            record = self.read(self.head - 1)
            if record is not None:
                return record
        return None

    def newest_stamp(self) -> Stamp | None:
        """The newest record's stamp, without copying the record."""
        return self.stamp(self.head - 1) if self.head else None
