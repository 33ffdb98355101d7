"""The takes that are labelled, by kind and seed."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from teachloop.simulation.language import VERBS

from .demonstrations import demonstrate
from .filming import LARGE, SMALL, TrueTake, film
from .hard_scenes import KINDS as STAGES

PLAIN: Sequence[str] = VERBS
SIZE = "large"  # a demonstration in large images
HARD: Sequence[str] = (*STAGES, SIZE)
GROUPS: Mapping[str, Sequence[str]] = {"plain": PLAIN, "hard": HARD}


def take_of(kind: str, seed: int, folder: Path) -> TrueTake:
    """Record the take of that kind and seed; the same seed records the same take."""
    if kind in STAGES:
        return film(STAGES[kind](seed), folder, LARGE)
    if kind == SIZE:
        return demonstrate(folder, VERBS[seed % len(VERBS)], seed, LARGE)
    return demonstrate(folder, kind, seed, SMALL)
