"""Threads that are all there from the beginning."""

import threading
from concurrent.futures import ThreadPoolExecutor


def started_pool(count: int, name: str) -> ThreadPoolExecutor:
    """Of so many threads. One that starts them as they are needed has the more of them the busier
    it ever was, which looks like a leak, and is one more thing that a long day changes."""
    pool = ThreadPoolExecutor(count, thread_name_prefix=name)
    all_there = threading.Barrier(count + 1)
    for _ in range(count):
        pool.submit(all_there.wait)
    all_there.wait()
    return pool
