"""Pools of processes: what they hand back, and that nothing of them is left."""

import math
import multiprocessing
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from teachloop.runtime.processes.pool import WorkerDied, WorkerPool

LONG_S = 300.0
PARENT = """
import os, time
from teachloop.runtime.processes.pool import WorkerPool
with WorkerPool(1, "sleeping") as pool:
    print(pool.result(pool.submit(os.getpid)), flush=True)
    pool.submit(time.sleep, 300)
    input()
"""


def test_work_is_done_in_other_processes_and_its_results_come_as_they_are_ready() -> None:
    with WorkerPool(2, "counting") as pool:
        assert pool.result(pool.submit(os.getpid)) != os.getpid()
        begun = [pool.submit(math.factorial, number) for number in (3, 4, 5)]
        assert sorted(pool.results(begun)) == [6, 24, 120]


def test_what_the_work_raises_reaches_whoever_asks_for_the_result() -> None:
    with WorkerPool(1, "counting") as pool, pytest.raises(ValueError, match="negative"):
        pool.result(pool.submit(math.factorial, -1))


def test_the_death_of_a_process_is_said_in_words_then_and_later() -> None:
    with WorkerPool(1, "labeling the takes") as pool:
        with pytest.raises(WorkerDied, match="A process labeling the takes was ended"):
            list(pool.results([pool.submit(os.kill, os.getpid(), 0), pool.submit(os._exit, 9)]))
        with pytest.raises(WorkerDied):
            pool.submit(os.getpid)


def test_the_end_of_a_block_ends_what_it_is_at_and_nothing_else() -> None:
    with WorkerPool(1, "waiting") as outer:
        kept = outer.result(outer.submit(os.getpid))
        began = time.monotonic()
        with WorkerPool(2, "sleeping") as inner:
            sleeping = [inner.submit(time.sleep, LONG_S) for _ in range(3)]
            while not sleeping[0].running():
                time.sleep(0.01)
        assert time.monotonic() - began < LONG_S / 2
        assert outer.result(outer.submit(os.getpid)) == kept
    assert multiprocessing.active_children() == []


def test_whoever_waits_may_give_up() -> None:
    def give_up() -> None:
        raise TimeoutError

    with WorkerPool(1, "sleeping") as pool, pytest.raises(TimeoutError):
        list(pool.results([pool.submit(time.sleep, LONG_S)], give_up))
    assert multiprocessing.active_children() == []


def test_its_processes_end_with_a_parent_that_is_killed() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=pipe, stdout=pipe) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
    worker.wait(30)
