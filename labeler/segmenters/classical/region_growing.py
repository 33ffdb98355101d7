"""The first guess from a click: the part around it whose outline stands out most.

A click says nothing of the object's size. So the colours alike are grown through a ladder of
tolerances, and the step is kept at which the outline lies on the strongest edges, as in
maximally stable extremal regions (Matas et al., 2002) with contrast in place of stability.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ....datasets.steps import Image
from ..interface import Click, Mask
from .colours import COLOURED, GREY, SAME_HUE, shade_and_hue
from .regions import bounds, components, dilate, erode, fill_holes, window

_TOLERANCES = ((0.9, 0.7), (0.9, 1.2), (1.4, 1.2), (1.4, 2.4), (2.0, 2.4), (2.6, 3.6), (3.4, 4.5))
_HUE_SCALE = 0.022  # difference of shares that counts as one unit of tolerance
_SHADE_SCALE = 0.35
_MIN_AREA_PX = 12
_TABLE_SHARE = 0.2  # of the image; what is larger is no object

Features = NDArray[np.float32]  # (height, width, 3): shade, hue, hue
Pixel: TypeAlias = tuple[int, int]  # row, column
Rung: TypeAlias = tuple[Mask, float]  # a region, and how much its outline stands out


class RegionGrowing:
    """Regions of one image. What a click may mean there is remembered, for whoever clicks again
    into the same image asks about the clicks before, too."""

    def __init__(self, image: Image) -> None:
        self._features = shade_and_hue(cv2.medianBlur(image, 3))
        self._edges = _edge_strength(image)
        self._ladders: dict[Pixel, list[Rung]] = {}

    def grow(self, positive: tuple[Click, ...], negative: tuple[Click, ...]) -> Mask:
        """The most outstanding region (height, width) that holds the positive clicks and no
        negative one."""
        shape = self._edges.shape
        avoided = [click.pixel(shape) for click in negative]
        result = np.zeros(shape, bool)
        for click in positive:
            result |= self._grow_one(click.pixel(shape), avoided)
        return result

    def _grow_one(self, seed: Pixel, avoided: Sequence[Pixel]) -> Mask:
        if seed not in self._ladders:
            self._ladders[seed] = list(self._ladder(seed))
        best, best_score = _spot(self._edges.shape, seed), -1.0
        for region, score in self._ladders[seed]:
            if score > best_score and not any(region[pixel] for pixel in avoided):
                best, best_score = region, score
        return best

    def _ladder(self, seed: Pixel) -> Iterator[Rung]:
        shade, hue = _distances(self._features, seed)
        for hue_limit, shade_limit in _TOLERANCES:
            region = _around((hue < hue_limit) & (shade < shade_limit), seed)
            if region is not None:
                yield region, _score(region, self._features, self._edges, seed)


def _distances(
    features: Features, seed: Pixel
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Of each pixel's shade and hue from the seed's, in units of tolerance."""
    apart = np.abs(features - _reference(features, seed))
    return apart[..., 0] / _SHADE_SCALE, np.maximum(apart[..., 1], apart[..., 2]) / _HUE_SCALE


def _reference(features: Features, seed: Pixel) -> Features:
    row, column = seed
    patch = features[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
    return np.median(patch.reshape(-1, 3), axis=0)


def _edge_strength(image: Image) -> NDArray[np.float32]:
    pixels = image.astype(np.float32)
    across, down = cv2.Sobel(pixels, -1, 1, 0, scale=0.25), cv2.Sobel(pixels, -1, 0, 1, scale=0.25)
    return np.sqrt((across * across + down * down).max(-1))


def _around(similar: Mask, seed: Pixel) -> Mask | None:
    similar = similar.copy()
    similar[seed] = True
    _, labels, stats = components(similar)
    label = labels[seed]
    if stats[label, cv2.CC_STAT_AREA] < _MIN_AREA_PX:
        return None
    return fill_holes(labels == label)


def _score(region: Mask, features: Features, edges: NDArray[np.float32], seed: Pixel) -> float:
    """Edge strength along the outline, less where the same hue goes on behind it."""
    box = bounds(region)
    if box is None:
        return 0.0
    crop = window(box, 5, region.shape)
    part = np.ascontiguousarray(region[crop])
    grown = dilate(part, 1)
    strengths = edges[crop][grown & ~erode(part, 1)]
    if not len(strengths):  # the whole image
        return 0.0
    ring = features[crop][dilate(part, 4) & ~grown]
    goes_on = _same_hue(ring, _reference(features, seed))
    penalty = 0.3 if region.mean() > _TABLE_SHARE else 1.0
    return float(np.quantile(strengths, 0.25) + 0.5 * strengths.mean()) * (1 - goes_on) * penalty


def _same_hue(ring: Features, reference: Features) -> float:
    """The share of the ring that may be another face of the same object."""
    if not len(ring) or np.abs(reference[1:] - GREY).max() < COLOURED:
        return 0.0
    return float((np.abs(ring[:, 1:] - reference[1:]).max(-1) < SAME_HUE).mean())


def _spot(shape: tuple[int, ...], seed: Pixel) -> Mask:
    spot = np.zeros(shape[:2], bool)
    spot[seed] = True
    return dilate(spot, 3)
