"""What came of labelling takes, in figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from .annotating import Looks, Round
from .scores import Marks, marks


@dataclass(frozen=True, slots=True)
class Report:
    """One take, labelled by one person."""

    kind: str
    looks: Looks
    rounds: tuple[Round, ...]


class Row(TypedDict):
    """Of several takes. Lists have one value for each number of frames looked at in a camera."""

    takes: str
    count: int
    looks: str
    iou: list[float]  # mean over all frames
    cameras: dict[str, list[float]]  # the same for each camera
    worst_take: list[float]
    clicks: list[float]  # in a camera of a take, from the start on
    frames: list[float]  # that somebody looked at in a camera, from the start on
    click_ms: list[float]  # median and 95th percentile
    propagate_s: float  # median for a take
    wrong: list[int]  # frames below 0.6 that nobody drew
    wrong_marked: list[float]  # the share of these that is marked as unsure
    false_alarms: list[float]  # the share of all others that is


def row(takes: str, reports: Sequence[Report]) -> Row:
    """The figures of takes that were looked at in the same way."""
    rounds = list(zip(*(report.rounds for report in reports), strict=True))
    counted = [_marks(each) for each in rounds]
    click_ms = [1000 * spent for each in rounds for one in each for spent in one.click_s]
    spent_s = [one.propagate_s for each in rounds for one in each]
    return Row(
        takes=takes,
        count=len(reports),
        looks=reports[0].looks,
        iou=_means(rounds, _iou),
        cameras={
            name: _means(rounds, lambda one, name=name: float(one.fits[name].iou.mean()))
            for name in rounds[0][0].fits
        },
        worst_take=[round(min(map(_iou, each)), 3) for each in rounds],
        clicks=_means(rounds, lambda one: one.clicks / len(one.fits)),
        frames=_means(rounds, lambda one: one.frames / len(one.fits)),
        click_ms=np.percentile(click_ms or [0.0], [50, 95]).round(1).tolist(),
        propagate_s=round(float(np.median(spent_s)), 2),
        wrong=[each.wrong for each in counted],
        wrong_marked=[round(each.wrong_marked, 3) for each in counted],
        false_alarms=[round(each.false_alarms, 3) for each in counted],
    )


def in_words(told: Row) -> str:
    """One line for who waits."""
    first, last = told["iou"][0], told["iou"][-1]
    return (
        f"{told['takes']}, the {told['looks']} frame first: IoU {first:.2f}, then {last:.2f} "
        f"after {told['frames'][-1]:.0f} frames a camera"
    )


def _marks(rounds: Sequence[Round]) -> Marks:
    return marks([fit for one in rounds for fit in one.fits.values()])


def _iou(one: Round) -> float:
    return float(np.mean([fit.iou.mean() for fit in one.fits.values()]))


def _means(rounds: Sequence[Sequence[Round]], of: Callable[[Round], float]) -> list[float]:
    return [round(float(np.mean([of(one) for one in each])), 3) for each in rounds]
