"""Finds an object that is known from another picture of the same camera: its colours in its shape,
as large as it is."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Image, Pose
from ...geometry.camera import Camera
from ..propagation.classical.cylinder_model import CylinderModel, fit
from ..segmenters.classical.colours import learn_colours
from ..segmenters.classical.regions import bounds, deepest, fill_holes, touching
from ..segmenters.interface import Click, Example, Mask

Picture = NDArray[np.float32]  # (height, width), 0 … 1
Place = tuple[int, int]  # row, column

_SIZE_PX = 24  # to which an object is brought, however large its pictures are
_MARGIN_PX = 7  # of that: around it there is nothing of its colours
_SCALES = (0.8, 0.9, 1.0, 1.12, 1.25)  # farther from the camera, or nearer to it
_TURNS_DEG = range(0, 180, 30)
_THERE = 0.3  # of the shape's area
_LIKE = 0.85  # normalised cross-correlation of what is surely found
_ALONE = 0.05  # by so much it is more alike than anything else in the picture
_COVERS = 0.85  # intersection over union of what was found and its shape
_SAME_SIZE = 1.22  # times the radius or the height, at most
_SAME_AREA = 1.25
_DEEP_PX = 2.0  # a click is so far inside


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture (height, width, 3), and where it was taken from."""

    image: Image
    camera: Camera
    ee_pose: Pose

    def standing(self, mask: Mask) -> CylinderModel | None:
        """How large something is that stands on the table; None where that cannot be known."""
        fitted = fit(self.camera, self.ee_pose, mask) if self.camera.calibrated else None
        return fitted and fitted[0]


@dataclass(frozen=True, slots=True, eq=False)
class _Match:
    """How alike a turned and scaled shape is to each part of a picture, by the part's corner."""

    shape: Picture
    alike: Picture

    @property
    def best(self) -> float:
        return float(self.alike.max())

    @property
    def corner(self) -> Place:
        row, column = np.unravel_index(int(self.alike.argmax()), self.alike.shape)
        return int(row), int(column)

    def drawn(self, size: tuple[int, ...]) -> Picture:
        """The shape where it was found."""
        canvas, (row, column) = np.zeros(size, np.float32), self.corner
        canvas[row : row + self.shape.shape[0], column : column + self.shape.shape[1]] = self.shape
        return canvas


def find_like(known: View, mask: Mask, view: View) -> Click | None:
    """A click inside of the only thing in a picture that is sure to be what the mask (height,
    width) of a known one is of."""
    colours = learn_colours([Example(known.image, mask)])
    likely, zoom = colours.ratio(view.image) > 0, _SIZE_PX / _extent(mask)
    small = _zoomed(likely, zoom)
    matches = list(_matches(_cut_out(mask), zoom, small))
    if not matches:
        return None
    best = max(matches, key=lambda match: match.best)
    if best.best < _LIKE or best.best - _elsewhere(matches, best) < _ALONE:
        return None
    drawn = cv2.resize(best.drawn(small.shape), likely.shape[::-1]) > 0.5
    return _confirmed(known, mask, view, likely, drawn)


def _confirmed(known: View, mask: Mask, view: View, likely: Mask, drawn: Mask) -> Click | None:
    """The click, if what has the colours there has the shape and the size as well."""
    at, deep_px = deepest(likely & drawn)
    if deep_px < _DEEP_PX:
        return None
    core = np.zeros(likely.shape, bool)
    core[at] = True
    found = fill_holes(touching(likely, core))
    covers = (found & drawn).sum() / (found | drawn).sum()
    if covers < _COVERS or not _as_large(known, mask, view, found):
        return None
    return Click(at[1] + 0.5, at[0] + 0.5)


def _as_large(known: View, mask: Mask, view: View, found: Mask) -> bool:
    """In metres, where both cameras are calibrated; in pixels else."""
    one, other = known.standing(mask), view.standing(found)
    if one is None or other is None:
        return _alike(float(mask.sum()), float(found.sum()), _SAME_AREA)
    radius = _alike(one.radius_m, other.radius_m, _SAME_SIZE)
    return radius and _alike(one.height_m, other.height_m, _SAME_SIZE)


def _alike(one: float, other: float, times: float) -> bool:
    return max(one, other) <= times * min(one, other)


def _zoomed(mask: Mask, zoom: float) -> Picture:
    picture = mask.astype(np.float32)
    small = cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    return small.astype(np.float32)


def _extent(mask: Mask) -> int:
    top, left, bottom, right = _box(mask)
    return max(bottom - top, right - left)


def _cut_out(mask: Mask) -> Picture:
    top, left, bottom, right = _box(mask)
    return mask[top:bottom, left:right].astype(np.float32)


def _box(mask: Mask) -> tuple[int, int, int, int]:
    box = bounds(mask)
    assert box is not None
    return box


def _matches(shape: Picture, zoom: float, picture: Picture) -> Iterator[_Match]:
    for scale in _SCALES:
        for turn_deg in _TURNS_DEG:
            turned = _turned(shape, zoom * scale, turn_deg)
            if turned.shape[0] <= picture.shape[0] and turned.shape[1] <= picture.shape[1]:
                yield _Match(turned, _correlated(picture, turned))


def _correlated(picture: Picture, shape: Picture) -> Picture:
    """Normalised cross-correlation by the corner of the part; -1 where there is next to nothing to
    be correlated, of which OpenCV says anything."""
    height, width = shape.shape
    total = cv2.integral(picture)
    there = total[height:, width:] - total[:-height, width:]
    there += total[:-height, :-width] - total[height:, :-width]
    alike = cv2.matchTemplate(picture, shape, cv2.TM_CCOEFF_NORMED)
    return np.where(there > _THERE * shape.sum(), alike, -1).astype(np.float32)


def _turned(shape: Picture, zoom: float, turn_deg: float) -> Picture:
    """With a margin around it."""
    height, width = shape.shape
    side = int(np.ceil(np.hypot(height, width) * zoom)) + 2
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, zoom)
    turn[:, 2] += side / 2 - np.array([width / 2, height / 2])
    drawn = cv2.warpAffine(shape, turn, (side, side)).astype(np.float32)
    top, left, bottom, right = _box(drawn > 0.5)
    return np.pad(drawn[top:bottom, left:right], _MARGIN_PX)


def _elsewhere(matches: list[_Match], best: _Match) -> float:
    """How alike the next thing is that is not at the same place."""
    middle = np.add(best.corner, np.array(best.shape.shape) / 2)
    return max((_best_apart(match, middle) for match in matches), default=-1.0)


def _best_apart(match: _Match, middle: NDArray[np.float64]) -> float:
    top, left = np.round(middle - np.array(match.shape.shape) / 2).astype(int)
    apart = match.alike.copy()
    apart[
        max(0, top - _SIZE_PX) : max(0, top + _SIZE_PX + 1),
        max(0, left - _SIZE_PX) : max(0, left + _SIZE_PX + 1),
    ] = -1
    return float(apart.max())
