"""Work in several processes at once, which end with whoever wanted it."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from typing import ParamSpec, TypeVar

from ..errors import TeachloopError

LOOK_UP_S = 0.5
PARENT_LOOK_S = 1.0

Given = ParamSpec("Given")
Result = TypeVar("Result")


class WorkerDied(TeachloopError):
    """``task``: what the process was at, such as "labeling the demo's takes"."""

    def __init__(self, task: str) -> None:
        super().__init__(
            f"A process {task} was ended from outside, perhaps for want of memory. "
            "Try again with less running beside it."
        )


def nothing() -> None:
    """For a pool whose processes need no preparation, or a wait that nobody interrupts."""


class WorkerPool:
    """Fresh processes for functions of modules and what pickles. Use as a context manager: at
    the end of its block they are ended, with whatever they are at.

    ``prepare`` runs first in each process; an error of it would pass for the death of one.
    """

    def __init__(self, processes: int, task: str, prepare: Callable[[], None] = nothing) -> None:
        self._task = task
        self._started: set[BaseProcess] = set()
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(processes, context, _begin, (prepare, os.getpid()))

    def __enter__(self) -> "WorkerPool":
        return self

    def __exit__(self, *error: object) -> None:
        for process in self._started:
            process.terminate()
        self._executor.shutdown(cancel_futures=True)

    def submit(
        self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        """Begin as soon as a process is free; for its result ask ``result``. Raises WorkerDied."""
        others = set(multiprocessing.active_children())
        try:
            return self._executor.submit(work, *args, **kwargs)
        except (BrokenProcessPool, OSError) as error:  # OSError: one cannot even be started
            raise WorkerDied(self._task) from error
        finally:  # an executor does not tell which processes it starts, and it does so here
            self._started |= set(multiprocessing.active_children()) - others

    def result(self, future: Future[Result]) -> Result:
        """Wait for it. Raises WorkerDied, and what the work raised."""
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise WorkerDied(self._task) from error

    def results(
        self, futures: Collection[Future[Result]], look_up: Callable[[], None] = nothing
    ) -> Iterator[Result]:
        """Each as it comes, in no order. ``look_up`` is called every half second, and may raise.

        Raises WorkerDied, and what the work raised.
        """
        waiting = set(futures)
        while waiting:
            done, waiting = wait(waiting, LOOK_UP_S, return_when=FIRST_COMPLETED)
            look_up()
            yield from map(self.result, done)


def _begin(prepare: Callable[[], None], parent: int) -> None:
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    prepare()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_LOOK_S)
    os._exit(1)
