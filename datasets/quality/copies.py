"""Takes that are there twice: imported again, or fetched beside what they came from."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..catalog_rows import TakeRow, path_of

MOVED_MM = 20  # a hand that stays where it is goes nowhere in any take


def copies(rows: Sequence[TakeRow]) -> Mapping[str, str]:
    """Take id -> id of the oldest kept take in which the hand goes the same way, to the millimetre
    in all of its forty places; two takes that were led by hand never do, and a replay may."""
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: (row.created, row.take_id)):
        if row.deleted or row.replay_of or not _moves(row):
            continue
        known = first.setdefault(row.path, row.take_id)
        if known != row.take_id:
            found[row.take_id] = known
    return found


def copy_of(first: str) -> str:
    """What is odd about a copy, in words."""
    return f"The hand goes exactly as in take {first}: one of them may be a copy of the other."


def _moves(row: TakeRow) -> bool:
    path = path_of(row)
    return path is not None and bool(np.ptp(np.array(path.points_mm), axis=0).max() > MOVED_MM)
