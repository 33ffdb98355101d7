"""A process's share of the processor beside the others."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")
THREADS = Path("/proc/self/task")


def set_priority(niceness: int) -> None:
    """Be nicer (above 0) or more urgent (below); without the right to it, stay as we are.

    Linux schedules sessions against each other (sched(7), autogroup), and niceness counts
    inside a session alone: a job in a session of its own takes half of a core from the control
    loop, however nice it is. So the leader of a session speaks for its session too.
    """
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):
            AUTOGROUP.write_text(str(niceness))


def set_thread_priority(niceness: int) -> None:
    """As ``set_priority``, of this thread, and of those that it starts, where the system has that:
    Linux gives each thread a niceness of its own."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def set_real_time(*, inherited: bool, priority: int = 10) -> None:
    """Run this thread before all that is not real-time, where the system allows it.

    For threads that need a few per cent of a core, at their moment. ``inherited``: threads and
    processes that it starts are real-time, too; else they are ordinary. Without the right to
    it, the priority stays as ``set_priority`` left it.
    """
    if hasattr(os, "SCHED_RESET_ON_FORK"):
        policy = os.SCHED_RR | (0 if inherited else os.SCHED_RESET_ON_FORK)
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, policy, os.sched_param(priority))


@contextlib.contextmanager
def staying_ordinary() -> Iterator[None]:
    """Threads that are real-time after this and were not before it, or were not there, become
    ordinary: some libraries take the highest priority that they may have for themselves, and for
    whoever calls them, before the control loop of a robot."""
    before = _policies()
    try:
        yield
    finally:
        for thread, policy in _policies().items():
            if policy != os.SCHED_OTHER and before.get(thread) != policy:
                with contextlib.suppress(OSError):
                    os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))


def _policies() -> Mapping[int, int]:
    """By the numbers of this process's threads, where the system tells."""
    found: dict[int, int] = {}
    with contextlib.suppress(OSError):
        for task in THREADS.iterdir():
            with contextlib.suppress(OSError):
                found[int(task.name)] = os.sched_getscheduler(int(task.name))
    return found
