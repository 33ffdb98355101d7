"""Rows of takes: of thousands, by several processes."""

import os
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from ..runtime.processes.pool import WorkerDied, WorkerPool
from .catalog_rows import TakeRow, index_take

A_PROCESS = 250  # takes, at least: for fewer, a process is not worth its start
MOST = 4  # processes: beside a robot, the disk and the memory are for others, too
BATCH = 25


def index_takes(folders: Sequence[Path]) -> Sequence[TakeRow]:
    """A row of each, in their order."""
    processes = min(os.cpu_count() or 1, MOST, len(folders) // A_PROCESS)
    if processes < 2:
        return _rows(folders)
    try:
        return _side_by_side(processes, folders)
    except WorkerDied:  # there may be too little memory for several
        return _rows(folders)


def _rows(folders: Sequence[Path]) -> Sequence[TakeRow]:
    return [index_take(folder) for folder in folders]


def _side_by_side(processes: int, folders: Sequence[Path]) -> Sequence[TakeRow]:
    """Raises WorkerDied."""
    with WorkerPool(processes, "reading takes for the catalog") as pool:
        batches = [folders[first : first + BATCH] for first in range(0, len(folders), BATCH)]
        begun = [pool.submit(_rows, batch) for batch in batches]
        return list(chain.from_iterable(map(pool.result, begun)))
