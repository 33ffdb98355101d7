"""How pictures are encoded as video."""

import os
from pathlib import Path

import numpy as np
import pytest

from teachloop.datasets.formats.lerobot.video import VideoWriter

THREADS = Path("/proc/self/task")


@pytest.mark.skipif(not THREADS.is_dir(), reason="this system does not tell of threads")
def test_no_thread_of_the_encoder_goes_before_others_nor_does_who_calls_it(tmp_path: Path) -> None:
    """SVT-AV1 makes its threads real-time, and its caller's, where it may: as root, or where
    somebody who drives a robot has the right to."""
    before = {int(task.name) for task in THREADS.iterdir()}
    with VideoWriter(tmp_path / "v.mp4", (64, 64), 20) as writer:
        for shade in (10, 200, 90):
            writer.add(np.full((64, 64, 3), shade, np.uint8))
        threads = {int(task.name) for task in THREADS.iterdir()}
        policies = {os.sched_getscheduler(thread) for thread in threads}
    assert threads - before, "the encoder has threads of its own"
    assert not policies & {os.SCHED_FIFO, os.SCHED_RR}
