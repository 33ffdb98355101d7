import os
import subprocess
import sys

import numpy as np
import pytest

from teachloop.runtime.ipc.ring import Ring, memory


def new_ring(slots: int = 4, capacity: int = 64) -> Ring:
    return Ring(memory(Ring.size(slots, capacity)), slots, capacity)


def test_records_come_back_as_they_were_published() -> None:
    ring = new_ring()
    ring.publish(7, 100, 90, b"hello")
    record = ring.newest()
    assert record is not None
    assert (record.stamp.number, record.stamp.time_ns, record.stamp.device_time_ns) == (7, 100, 90)
    assert record.payload.tobytes() == b"hello"


def test_an_empty_ring_has_nothing() -> None:
    ring = new_ring()
    assert ring.newest() is None
    assert ring.newest_stamp() is None


def test_an_overwritten_record_is_missed_and_not_mistaken() -> None:
    ring = new_ring(slots=4)
    for number in range(6):
        ring.publish(number, number, number, bytes([number]))
    assert ring.read(1) is None
    assert ring.read(6) is None
    kept = ring.read(2)
    assert kept is not None
    assert kept.stamp.number == 2


def test_a_record_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="65 bytes"):
        new_ring(capacity=64).publish(0, 0, 0, bytes(65))


WRITER = """
import itertools, sys, numpy as np
from teachloop.runtime.ipc.ring import Ring
ring = Ring(int(sys.argv[1]), 8, 40000)
for number in itertools.count():
    ring.publish(number, number, number, np.full(40000, number % 251, np.uint8))
"""


def test_a_reader_beside_a_writing_process_never_sees_a_torn_record() -> None:
    ring = new_ring(8, 40000)
    command = [sys.executable, "-c", WRITER, str(ring.descriptor)]
    with subprocess.Popen(command, pass_fds=[ring.descriptor]) as writer:
        seen: set[int] = set()
        while len(seen) < 100 and writer.poll() is None:
            record = ring.newest()
            if record is not None:
                assert (record.payload == record.stamp.number % 251).all()
                seen.add(record.stamp.index)
        writer.kill()
    assert len(seen) == 100


def test_memory_leaves_no_file_behind() -> None:
    ring = new_ring()
    target = os.readlink(f"/proc/self/fd/{ring.descriptor}")
    assert not os.path.exists(target)
    assert isinstance(np.asarray(ring.head), np.ndarray)
