"""Masks as COCO run lengths, and where each came from."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco
from pydantic import StrictBool, StrictFloat, StrictInt, StrictStr, TypeAdapter

from ..errors import WrongLabel
from ..takes.metadata_validation import is_number

Mask = NDArray[np.bool_]  # (height, width)
MaskKey = tuple[str, int, str]  # camera, frame index, object name
MAX_SIDE = 16384  # no camera's image is larger; a hostile size would fill the memory


class MaskSource(str, Enum):
    """Who made a mask. The values are part of the file format."""

    HUMAN = "human"  # a person, who clicked or drew boxes
    DRAWN = "drawn"  # a person, who drew some of it by hand
    PROPAGATED = "propagated"
    PROJECTED = "projected"
    MODEL = "model"

    @property
    def is_person(self) -> bool:
        return self in (MaskSource.HUMAN, MaskSource.DRAWN)


class WrongMask(WrongLabel):
    """Run lengths that are none, or do not fit their size."""


@dataclass(frozen=True, slots=True)
class Rle:
    """COCO's compressed run lengths of a mask (column by column)."""

    height: int
    width: int
    counts: str

    def to_coco(self) -> Any:
        """The dictionary that COCO files and pycocotools hold."""
        return {"size": [self.height, self.width], "counts": self.counts}


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskRecord:
    """A mask of one object in one frame."""

    rle: Rle
    source: MaskSource
    confidence: float = 1.0  # 0 … 1
    locked: bool = False  # a person said that it is right: nothing but a person changes it

    def __post_init__(self) -> None:
        if not is_number(self.confidence) or not 0 <= self.confidence <= 1:
            raise WrongMask(f"A mask's confidence lies in 0 … 1, not at {self.confidence!r:.40}.")

    @property
    def by_person(self) -> bool:
        """Whether a person made it, or said that it is right."""
        return self.locked or self.source.is_person

    @property
    def hidden(self) -> bool:
        """Whether a person said that the object is not to be seen."""
        return self.by_person and not area(self.rle)


MaskRow = tuple[StrictInt, StrictInt, StrictStr, MaskSource, StrictFloat, StrictBool]
"""Height, width, counts, source, confidence, locked: a mask in the files."""
PlacedRow = tuple[
    StrictStr, StrictInt, StrictStr,
    StrictInt, StrictInt, StrictStr, MaskSource, StrictFloat, StrictBool,
]  # fmt: skip
"""Camera, frame and object before the same."""
_ROW: TypeAdapter[MaskRow] = TypeAdapter(MaskRow)
_ROWS: TypeAdapter[list[PlacedRow]] = TypeAdapter(list[PlacedRow])


def to_row(mask: MaskRecord) -> list[int | str | float | bool]:
    """A mask as JSON values."""
    rle = mask.rle
    return [rle.height, rle.width, rle.counts, mask.source.value, mask.confidence, mask.locked]


def from_row(row: object) -> MaskRecord:
    """The mask of such a row. Raises ValidationError, WrongMask."""
    return _record(*_ROW.validate_python(row))


def from_rows(rows: object) -> dict[MaskKey, MaskRecord]:
    """The masks of many rows, each with its place. Raises ValidationError, WrongMask."""
    placed = _ROWS.validate_python(rows)
    return {
        (camera, frame, name): _record(height, width, counts, source, confidence, locked)
        for camera, frame, name, height, width, counts, source, confidence, locked in placed
    }


def _record(
    height: int, width: int, counts: str, source: MaskSource, confidence: float, locked: bool
) -> MaskRecord:
    rle = Rle(height, width, counts)
    return MaskRecord(rle=rle, source=source, confidence=confidence, locked=locked)


def encode(mask: NDArray[Any]) -> Rle:
    """Mask (height, width), anything not zero is inside, to run lengths."""
    mask = np.asarray(mask)
    if mask.ndim != 2:
        raise WrongMask(f"A mask has (height, width), not {mask.shape}.")
    coded: Any = coco.encode(np.asfortranarray(mask != 0, dtype=np.uint8))
    return Rle(mask.shape[0], mask.shape[1], coded["counts"].decode("ascii"))


def decode(rle: Rle) -> Mask:
    """Run lengths to mask (height, width). Raises WrongMask where they do not fit."""
    runs = check(rle)
    inside = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return np.ascontiguousarray(inside.reshape(rle.width, rle.height).T)


def check(rle: Rle) -> NDArray[np.int64]:
    """The run lengths; raises WrongMask unless they fill the size exactly."""
    if not (0 < rle.height <= MAX_SIDE and 0 < rle.width <= MAX_SIDE):
        raise WrongMask(f"A mask of {rle.height} × {rle.width} pixels.")
    runs = run_lengths(rle.counts)
    if (runs < 0).any() or runs.sum() != rle.height * rle.width:
        raise WrongMask(f"Run lengths that do not fill {rle.height} × {rle.width} pixels.")
    return runs


def run_lengths(counts: str) -> NDArray[np.int64]:
    """The runs of COCO's compressed counts: 5 bits a character, from the third run on as a
    difference to the run two before (rleFrString of cocoapi)."""
    bits = np.frombuffer(counts.encode("ascii", "replace"), np.uint8).astype(np.int64) - 48
    last = np.flatnonzero(bits & 32 == 0)  # each value's last character
    length = np.diff(last, prepend=-1)
    if not len(last) or last[-1] != len(bits) - 1 or bits.min() < 0 or bits.max() > 63:
        raise WrongMask("Run lengths that are cut short or hold other characters.")
    if length.max() > 6:
        raise WrongMask("Run lengths that no image has.")
    start = last - length + 1
    place = np.arange(len(bits)) - np.repeat(start, length)
    values = np.add.reduceat((bits & 31) << 5 * place, start)
    values -= np.where(bits[last] & 16, 1 << 5 * length, 0)
    for first in (1, 2):
        values[first::2] = np.cumsum(values[first::2])
    return values


def area(rle: Rle) -> int:
    """Pixels inside."""
    return int(coco.area(rle.to_coco()))


def iou(first: Rle, second: Rle) -> float:
    """Intersection over union; 1 where both are empty. Raises WrongMask on other sizes."""
    if (first.height, first.width) != (second.height, second.width):
        raise WrongMask("Masks of two sizes cannot be compared.")
    if not area(first) and not area(second):
        return 1.0
    overlap: Any = coco.iou([first.to_coco()], [second.to_coco()], [False])
    return float(overlap[0, 0])
