"""One job at a time: two on the same cores would each take longer than one after the other."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from .folder import JobFolder


@contextmanager
def turn(job: JobFolder, poll_s: float = 0.2) -> Iterator[None]:
    """Hold the data folder's turn, waiting for it as queued; a dead holder frees it.

    Raises JobCancelled when the job is cancelled while it waits.
    """
    with (job.data / "jobs" / ".turn").open("w") as lock:
        while not _taken(lock):
            job.raise_if_cancelled()
            time.sleep(poll_s)
        yield


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
