"""What a take's figures say against it: by themselves, and beside the others of its task.

They are said to people, who decide: a take that differs may be the best of all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .measures import TakeMeasures

Kind = Literal[
    "rate", "dropped", "late", "frozen", "pause", "shaking",
    "path", "duration", "not closed", "nothing held", "nothing moved",
]  # fmt: skip
FEWEST_OTHERS = 5  # with less nobody knows what is usual
MOST_MISSING, MOST_DROPPED, MOST_LATE = 0.05, 0.05, 0.05  # shares
LONGEST_FROZEN_S, LONGEST_PAUSE_S = 0.6, 1.5
SHAKES_MM, SHAKES_TIMES = 0.5, 3.0  # at least, and of what is usual
SHAKES_ALONE_MM = 2.5  # where nothing is usual yet
FAR_TIMES, FAR_DEVIATIONS = 1.5, 3.5  # of the usual, and of how far others are from it
EMPTY_S, HELD_S = 0.5, 0.2
MOVED_M, RESTED_M = 0.03, 0.01
MOST = 0.8  # so many do it, so it belongs to the task


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is odd about a take."""

    kind: Kind
    text: str  # a sentence


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for takes of one task."""

    path_m: "Spread"
    moving_s: "Spread"
    shake_mm: float
    closing: float  # share of the takes in which the hand closes
    empty_s: float
    moving_objects: float  # share of the takes in which an object moves

    @classmethod
    def of(cls, takes: Sequence[TakeMeasures]) -> "Usual | None":
        """None of too few."""
        if len(takes) < FEWEST_OTHERS:
            return None
        empty = [each.empty_s for each in takes if each.empty_s is not None]
        moved = [each.object_m > MOVED_M for each in takes if each.object_m is not None]
        return cls(
            path_m=Spread.of([each.path_m for each in takes]),
            moving_s=Spread.of([each.moving_s for each in takes]),
            shake_mm=float(np.median([each.shake_mm for each in takes])),
            closing=float(np.mean([bool(each.closes) for each in takes])),
            empty_s=float(np.median(empty)) if empty else np.inf,
            moving_objects=float(np.mean(moved)) if moved else 0.0,
        )


@dataclass(frozen=True, slots=True)
class Spread:
    """Of figures above 0: the median, and by which factor others differ from it."""

    middle: float
    factor: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        logs = np.log(np.maximum(values, 1e-3))
        middle = np.median(logs)
        deviation = 1.4826 * np.median(np.abs(logs - middle))
        factor = max(np.log(FAR_TIMES), FAR_DEVIATIONS * deviation)
        return cls(float(np.exp(middle)), float(np.exp(factor)))

    def is_far(self, value: float) -> bool:
        """Whether a value differs by more than others do."""
        return not 1 / self.factor < max(value, 1e-3) / self.middle < self.factor


def findings(take: TakeMeasures, usual: Usual | None) -> list[Finding]:
    """In the order in which they matter: what was not recorded, then what was done."""
    alone = (_rate, _dropped, _late, _frozen, _pause)
    beside: tuple[Callable[[TakeMeasures, Usual], Finding | None], ...] = (
        _path, _duration, _not_closed, _nothing_held, _nothing_moved,
    )  # fmt: skip
    found = [judge(take) for judge in alone]
    found.append(_shaking(take, usual))
    found += [judge(take, usual) for judge in beside] if usual is not None else []
    return [each for each in found if each is not None]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _worst(figures: dict[str, float]) -> tuple[str, float]:
    return max(figures.items(), key=lambda each: each[1], default=("", 0.0))


def _rate(take: TakeMeasures) -> Finding | None:
    if take.missing <= MOST_MISSING:
        return None
    return Finding("rate", f"{_percent(take.missing)} of its ticks are missing.")


def _dropped(take: TakeMeasures) -> Finding | None:
    camera, share = _worst(take.dropped)
    if share <= MOST_DROPPED:
        return None
    return Finding("dropped", f"{_percent(share)} of the pictures of {camera} never came.")


def _late(take: TakeMeasures) -> Finding | None:
    camera, share = _worst(take.late)
    if share <= MOST_LATE:
        return None
    return Finding(
        "late", f"The picture of {camera} was too old at {_percent(share)} of its ticks."
    )


def _frozen(take: TakeMeasures) -> Finding | None:
    camera, lasted_s = _worst(take.frozen_s)
    if lasted_s <= LONGEST_FROZEN_S:
        return None
    words = f"{camera} showed one picture for {lasted_s:.1f} s while the hand moved."
    return Finding("frozen", words)


def _pause(take: TakeMeasures) -> Finding | None:
    if take.pause_s <= LONGEST_PAUSE_S:
        return None
    return Finding("pause", f"Nothing moves for {take.pause_s:.1f} s in the middle of it.")


def _shaking(take: TakeMeasures, usual: Usual | None) -> Finding | None:
    least = SHAKES_ALONE_MM if usual is None else max(SHAKES_MM, SHAKES_TIMES * usual.shake_mm)
    if take.shake_mm <= least:
        return None
    return Finding("shaking", f"The hand shakes: {take.shake_mm:.1f} mm about its own path.")


def _path(take: TakeMeasures, usual: Usual) -> Finding | None:
    if not usual.path_m.is_far(take.path_m):
        return None
    words = f"The hand went {take.path_m:.2f} m, where {usual.path_m.middle:.2f} m are usual."
    return Finding("path", words)


def _duration(take: TakeMeasures, usual: Usual) -> Finding | None:
    if not usual.moving_s.is_far(take.moving_s):
        return None
    words = f"It took {take.moving_s:.1f} s, where {usual.moving_s.middle:.1f} s are usual."
    return Finding("duration", words)


def _not_closed(take: TakeMeasures, usual: Usual) -> Finding | None:
    if take.closes is not False or usual.closing < MOST:
        return None
    return Finding("not closed", "The hand never closes, as it does in the others of its task.")


def _nothing_held(take: TakeMeasures, usual: Usual) -> Finding | None:
    if take.empty_s is None or take.empty_s <= EMPTY_S or usual.empty_s > HELD_S:
        return None
    return Finding("nothing held", f"For {take.empty_s:.1f} s the closed hand held nothing.")


def _nothing_moved(take: TakeMeasures, usual: Usual) -> Finding | None:
    if take.object_m is None or take.object_m > RESTED_M or usual.moving_objects < MOST:
        return None
    return Finding("nothing moved", "No object moved, as one does in the others of its task.")
