"""How well masks fit the truth, and how well the labels know where they do not.

Every frame counts. Where nothing of the object is to be seen, the right mask is empty: an empty one
counts 1 and any other 0, as in DAVIS (Pont-Tuset et al., 2017). A frame without a mask counts as
an empty one of which nobody is sure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teachloop.datasets.labels.masks import decode
from teachloop.datasets.labels.snapshot import Snapshot

from .filming import Masks

UNSURE = 0.6  # a mask that is less sure is shown as unsure on the page's timeline
WRONG = 0.6  # intersection over union below which a frame should be marked


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Of all frames of one camera."""

    iou: NDArray[np.float64]  # (frames,)
    sure: NDArray[np.float64]  # (frames,) the labels' own confidence, 0 … 1
    by_hand: NDArray[np.bool_]  # (frames,) drawn or locked by a person


@dataclass(frozen=True, slots=True)
class Marks:
    """How many frames that nobody drew are wrong, are marked unsure, and are both."""

    frames: int
    wrong: int
    marked: int
    both: int

    def __add__(self, other: "Marks") -> "Marks":
        return Marks(
            self.frames + other.frames,
            self.wrong + other.wrong,
            self.marked + other.marked,
            self.both + other.both,
        )

    @property
    def wrong_marked(self) -> float:
        """The share of the wrong ones that are marked; 1 where none is wrong."""
        return self.both / self.wrong if self.wrong else 1.0

    @property
    def false_alarms(self) -> float:
        """The share of the right ones that are marked all the same."""
        return (self.marked - self.both) / max(1, self.frames - self.wrong)


def iou(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Intersection over union; 1 where both are empty."""
    union = (first | second).sum()
    return float((first & second).sum() / union) if union else 1.0


def fits(snapshot: Snapshot, name: str, truth: Mapping[str, Masks]) -> dict[str, Fit]:
    """How the labels of an object fit its truth, by camera."""
    return {camera: _fit(snapshot, camera, name, masks) for camera, masks in truth.items()}


def _fit(snapshot: Snapshot, camera: str, name: str, truth: Masks) -> Fit:
    records = [snapshot.masks.get((camera, frame, name)) for frame in range(len(truth))]
    touched = {p.frame for p in snapshot.prompts if (p.camera, p.object) == (camera, name)}
    drawn = [np.zeros(truth.shape[1:], bool) if r is None else decode(r.rle) for r in records]
    return Fit(
        iou=np.array([iou(mask, true) for mask, true in zip(drawn, truth, strict=True)]),
        sure=np.array([0.0 if record is None else record.confidence for record in records]),
        by_hand=np.array(
            [(r is not None and r.locked) or frame in touched for frame, r in enumerate(records)]
        ),
    )


def marks(found: Sequence[Fit]) -> Marks:
    """Counted over cameras and takes."""
    return sum(map(_marks, found), start=Marks(0, 0, 0, 0))


def _marks(fit: Fit) -> Marks:
    wrong, marked = ((each & ~fit.by_hand) for each in (fit.iou < WRONG, fit.sure < UNSURE))
    return Marks(
        frames=int((~fit.by_hand).sum()),
        wrong=int(wrong.sum()),
        marked=int(marked.sum()),
        both=int((wrong & marked).sum()),
    )
