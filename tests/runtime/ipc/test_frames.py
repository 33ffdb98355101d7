"""Camera frames that another process reads out of the memory that they lie in."""

import os
import subprocess
import sys

import numpy as np
import pytest
from pydantic import ValidationError

from teachloop.runtime.ipc.frames import NotShared, SharedFrame, SharedFrames
from teachloop.runtime.ipc.ring import Ring, memory

HEIGHT, WIDTH, SLOTS = 48, 64, 4
CAPACITY = HEIGHT * WIDTH * 5  # with a depth behind the image


@pytest.fixture
def ring() -> Ring:
    return Ring(memory(Ring.size(SLOTS, CAPACITY)), SLOTS, CAPACITY)


def reference(ring: Ring, index: int) -> SharedFrame:
    return SharedFrame(
        memory=ring.path, slots=SLOTS, capacity=CAPACITY, index=index, height=HEIGHT, width=WIDTH
    )


def test_a_referenced_frame_is_the_image_of_its_record(ring: Ring) -> None:
    image = np.random.default_rng(1).integers(256, size=(HEIGHT, WIDTH, 3), dtype=np.uint8)
    ring.publish(0, 0, 0, image, bytes(HEIGHT * WIDTH * 2))
    read = SharedFrames().read(reference(ring, 0))
    assert read is not None
    np.testing.assert_array_equal(read, image)


def test_a_frame_that_was_overwritten_or_never_came_is_none(ring: Ring) -> None:
    frames = SharedFrames()
    for number in range(SLOTS + 1):
        ring.publish(number, 0, 0, bytes(CAPACITY))
    assert [frames.read(reference(ring, index)) is None for index in (0, 1, SLOTS, SLOTS + 1)] == [
        True, False, False, True,
    ]  # fmt: skip


READER = """
import sys
from teachloop.runtime.ipc.frames import SharedFrame, SharedFrames
frames, seen, gone = SharedFrames(), 0, 0
for line in sys.stdin:
    frame = SharedFrame.model_validate_json(line)
    image = frames.read(frame)
    seen, gone = seen + (image is not None), gone + (image is None)
    assert image is None or (image == frame.index % 251).all(), "a torn frame"
print(seen, gone)
"""


def test_a_reader_in_another_process_never_sees_a_torn_frame(ring: Ring) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin is not None
        for index in range(3000):
            ring.publish(index, 0, 0, np.full(CAPACITY, index % 251, np.uint8))
            reader.stdin.write(reference(ring, index).model_dump_json() + "\n")
        assert reader.stdout is not None
        reader.stdin.close()
        seen, gone = map(int, reader.stdout.read().split())
    assert reader.returncode == 0
    assert seen + gone == 3000
    assert gone > 0, "the writer was never ahead: this test shows nothing"


def test_a_reader_cannot_change_what_it_reads(ring: Ring) -> None:
    theirs = Ring.open(ring.path, SLOTS, CAPACITY)
    with pytest.raises(ValueError, match="read-only"):
        theirs.publish(0, 0, 0, b"other pixels")
    assert ring.head == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"slots": 1000},
        {"capacity": 1 << 29},
        {"height": 4096},
        {"memory": "/proc/self/fd/0"},
        {"memory": "/proc/999999999/fd/3"},
    ],
)
def test_a_reference_that_fits_no_ring_is_said(ring: Ring, wrong: dict[str, int | str]) -> None:
    ring.publish(0, 0, 0, bytes(CAPACITY))
    with pytest.raises(NotShared):
        SharedFrames().read(reference(ring, 0).model_copy(update=wrong))


def test_no_other_file_can_be_named() -> None:
    for path in ("/etc/passwd", "/proc/1/mem", "/proc/1/fd/3/../../../etc/passwd", ""):
        with pytest.raises(ValidationError):
            SharedFrame(memory=path, slots=1, capacity=1, index=0, height=1, width=1)


def test_another_ring_at_the_same_place_is_mapped_anew() -> None:
    frames = SharedFrames()
    first = Ring(memory(Ring.size(SLOTS, CAPACITY)), SLOTS, CAPACITY)
    first.publish(0, 0, 0, np.full(CAPACITY, 1, np.uint8))
    assert frames.read(reference(first, 0)) is not None
    second = memory(Ring.size(SLOTS, CAPACITY))
    os.dup2(second, first.descriptor)
    Ring(first.descriptor, SLOTS, CAPACITY).publish(0, 0, 0, np.full(CAPACITY, 2, np.uint8))
    image = frames.read(reference(first, 0))
    assert image is not None
    assert (image == 2).all()
