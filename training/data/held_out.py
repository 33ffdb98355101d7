"""Which takes are kept out of training, so that what was learned can be seen on them. Imports
nothing heavy."""

import hashlib
from collections.abc import Sequence

LEAST = 5  # takes, of which one can be spared
MANY = 30  # takes, from which on some are kept out though nobody asked for it
USUAL = 0.1  # of them
MOST = 0.5


def held_out(take_ids: Sequence[str], share: float | None = None) -> tuple[str, ...]:
    """The takes to keep out: ``share`` of them, at least one, where there are LEAST or more; none
    where it is 0. ``share`` None: USUAL of MANY takes or more, of fewer none, since each one of
    twenty is a twentieth of all that there is to learn from.

    Their ids alone decide, so that they stay the same while a job is resumed, and most of them
    when takes are added.
    """
    if share is None:
        share = USUAL if len(take_ids) >= MANY else 0.0
    if not share or len(take_ids) < LEAST:
        return ()
    count = max(1, round(share * len(take_ids)))
    return tuple(mixed(take_ids)[:count])


def mixed(take_ids: Sequence[str]) -> list[str]:
    """The takes in an order that has nothing to do with when they were recorded."""
    return sorted(take_ids, key=lambda take_id: hashlib.sha256(take_id.encode()).digest())
