"""Leaves a process next to no processor: it is bound to one core, on which something more urgent
runs all the time. The system's own limit leaves it a twentieth (sched(7), real-time throttling).

    python starving.py CORE      runs until it is ended
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

URGENT = 80  # above all that the product runs


@contextlib.contextmanager
def starving(process: psutil.Process) -> Iterator[None]:
    """For the block. Without the right to be urgent, many ordinary burners compete instead."""
    core = max(os.sched_getaffinity(0))
    before = process.cpu_affinity()
    burners = [subprocess.Popen([sys.executable, __file__, str(core)]) for _ in range(_burners())]
    try:
        _bind(process, [core])
        yield
    finally:
        _bind(process, before or list(os.sched_getaffinity(0)))
        for burner in burners:
            burner.kill()
            burner.wait()


def _burners() -> int:
    return 1 if os.geteuid() == 0 else 8


def _bind(process: psutil.Process, cores: list[int]) -> None:
    """All threads; affinity is each thread's own."""
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{process.pid}/task").iterdir():
            with contextlib.suppress(OSError):
                os.sched_setaffinity(int(thread.name), cores)


def main() -> None:
    os.sched_setaffinity(0, {int(sys.argv[1])})
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(URGENT))
    parent = os.getppid()
    while os.getppid() == parent:
        pass


if __name__ == "__main__":
    main()
