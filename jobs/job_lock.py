"""Jobs take turns: two on the same cores would each take longer than one after the other."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..runtime.regular_file import open_lock
from .folder import JobFolder


@contextmanager
def turn(job: JobFolder, poll_s: float = 0.2) -> Iterator[None]:
    """Hold the data folder's turn, waiting for it as queued; a dead holder frees it.

    Raises JobCancelled when the job is cancelled while it waits.
    """
    with open_lock(job.data / "jobs" / ".turn") as lock:
        if not _taken(lock):
            job.update(message="waits until the job before it has ended")
        while not _taken(lock):
            job.raise_if_cancelled()
            time.sleep(poll_s)
        yield


@contextmanager
def one_at_a_time(data: Path) -> Iterator[None]:
    """Whoever starts jobs sees what was started the moment before."""
    jobs = data / "jobs"
    jobs.mkdir(parents=True, exist_ok=True)
    with open_lock(jobs / ".starting") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
