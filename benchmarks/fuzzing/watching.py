"""Feeds a surface in processes of its own, and goes on behind an input that ended one."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from .feeding import Fault, Tally, feed

HANGS_S = 60.0  # on a busy machine; a process that is slow by itself is told by its CPU time
STARTS_S = 300.0  # imports and samples

SPAWNED = get_context("spawn")


@dataclass(slots=True)
class Found:
    """What came of all inputs of a surface."""

    tally: Tally = field(default_factory=Tally)
    faults: list[Fault] = field(default_factory=list)
    seconds: float = 0.0


def watch(name: str, seed: int, numbers: range) -> Found:
    """Feed all inputs of these numbers."""
    found, began = Found(), time.monotonic()
    while numbers:
        reached, how = _run(name, seed, numbers, found)
        if how:
            found.faults.append(Fault(reached, how))
            found.tally.fed += 1
        numbers = range(reached + 1, numbers.stop)
    found.seconds = time.monotonic() - began
    return found


def _run(name: str, seed: int, numbers: range, found: Found) -> tuple[int, str]:
    """One process; the last input that it was fed, and how that ended it."""
    at, since = SPAWNED.Value("q", numbers.start), SPAWNED.Value("d", 0.0)
    with tempfile.TemporaryDirectory(prefix="teachloop-fuzz-", dir=in_memory()) as folder:
        given = (name, Path(folder), seed, numbers, at, since)
        with _fed(*given) as (process, told):
            how = _listen(process, told, since, found)
    return (numbers.stop - 1 if not how else at.value), how


def in_memory() -> str | None:
    """A folder that no disk has to keep, where there is one: inputs are synced as takes are."""
    return next((path for path in ("/dev/shm",) if os.access(path, os.W_OK)), None)


@contextmanager
def _fed(*given: object) -> Iterator[tuple[SpawnProcess, Connection]]:
    ours, theirs = SPAWNED.Pipe(duplex=False)
    process = SPAWNED.Process(target=feed, args=(*given, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join()
        ours.close()


def _listen(process: SpawnProcess, told: Connection, since: Synchronized, found: Found) -> str:
    """Gather what it tells until it is done; how it ended where it did not end well."""
    began = time.monotonic()
    while True:
        try:
            if told.poll(0.5):
                news = told.recv()
                if news is None:
                    return ""
                _add(found, news)
                continue
        except EOFError:
            process.join(10)
            return f"the process ended with {process.exitcode}"
        now = time.monotonic()
        if since.value and now - since.value > HANGS_S:
            return f"no answer for {HANGS_S:g} s"
        if not since.value and now - began > STARTS_S:
            raise TimeoutError(f"{process.name} did not start")


def _add(found: Found, news: Fault | Tally) -> None:
    if isinstance(news, Fault):
        found.faults.append(news)
        return
    tally = found.tally
    tally.fed += news.fed
    tally.refused += news.refused
    tally.accepted += news.accepted
    tally.slowest_s = max(tally.slowest_s, news.slowest_s)
    tally.most_bytes = max(tally.most_bytes, news.most_bytes)
