"""How many cores an answer takes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def sharing_cores() -> Iterator[None]:
    """Half of the cores at most, in this thread. Whoever clicks has a browser at work beside it:
    where all cores are asked for, each step of an answer waits for the one that is busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(min(before, max(1, len(os.sched_getaffinity(0)) // 2)))
    try:
        yield
    finally:
        torch.set_num_threads(before)
