"""The pieces of takes: one after the other, or of many takes several at once."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ....runtime.processes.pool import WorkerPool
from .errors import Unfit
from .exported import Tell
from .pieces import MakePiece, Piece, Told, part

A_PROCESS = 4  # takes, at least: for fewer, a process is not worth its start
MOST = 8  # processes, each of which holds an encoder and what it imports

Made = Piece | Unfit


def make_pieces(
    take_ids: Sequence[str], folder: Path, make: MakePiece, tell: Tell
) -> Sequence[Made]:
    """Of each take its piece, or why it has none. Raises WorkerDied, what ``make`` raises but
    Unfit, and what ``tell`` raises; what was made until then stays in ``folder``."""
    processes = min(os.cpu_count() or 1, MOST, len(take_ids) // A_PROCESS)
    if processes > 1:
        return _side_by_side(processes, take_ids, folder, make, tell)
    return [
        _made(make, take_id, folder / take_id, _told(tell, number, len(take_ids)))
        for number, take_id in enumerate(take_ids)
    ]


def _told(tell: Tell, number: int, count: int) -> Told:
    message = f"take {number + 1} of {count}"
    return part(partial(tell, message), number, count)


def _made(make: MakePiece, take_id: str, folder: Path, tell: Told) -> Made:
    tell(0.0)
    try:
        return make(take_id, folder, tell)
    except Unfit as error:
        return error


def _side_by_side(
    processes: int, take_ids: Sequence[str], folder: Path, make: MakePiece, tell: Tell
) -> Sequence[Made]:
    made: dict[str, Made] = {}

    def look_up() -> None:
        at = min(len(made), len(take_ids) - 1)
        _told(tell, at, len(take_ids))(0.0)

    look_up()
    with WorkerPool(processes, "exporting takes") as pool:
        begun = [pool.submit(_made_apart, make, each, folder / each) for each in take_ids]
        for take_id, one in pool.results(begun, look_up):
            made[take_id] = one
    return [made[take_id] for take_id in take_ids]


def _made_apart(make: MakePiece, take_id: str, folder: Path) -> tuple[str, Made]:
    return take_id, _made(make, take_id, folder, _untold)


def _untold(share: float) -> None:
    """Who waits is told of whole takes."""
