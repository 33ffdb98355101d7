"""What colours an object has against everything around it: a likelihood ratio per pixel.

Colours are compared as shade (log intensity) and hue (the shares of red and of blue). Shading
across the faces of one object moves the shade and leaves the hue, so the object's own density
is wide along the shade and narrow along the hue. Densities are histograms blurred by a
Gaussian (Parzen windows), tabulated once for all colours; a pixel then costs one look-up.
"""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from ....datasets.steps import Image
from ..interface import Example
from .regions import dilate, erode

Colours = NDArray[np.uint8]  # (n, 3) RGB

_ENOUGH = 8000  # pixels of one histogram, or that stand for all around
_LEVELS = 64  # of each channel in the table
_SHADES, _HUES = 24, 96  # bins of the densities
_SHADE_RANGE = (np.log(3.0), np.log(258.0))
_HUE_RANGE = (0.0, 1.0)
SAME_HUE = 0.07  # difference of shares within which two pixels may be one object's
COLOURED = 0.1  # difference from grey beyond which a hue means something
GREY = 1 / 3
_OFFSET = 3.0  # keeps the shares of dark pixels from being noise


def shade_and_hue(colours: NDArray[np.generic]) -> NDArray[np.float32]:
    """RGB (…, 3) in 0 … 255 to (log intensity, share of red, share of blue), (…, 3)."""
    raised = np.asarray(colours, np.float32) + _OFFSET
    total = raised[..., 0] + raised[..., 1] + raised[..., 2]
    return np.stack([np.log(total / 3), raised[..., 0] / total, raised[..., 2] / total], -1).astype(
        np.float32
    )


def _bins(features: NDArray[np.float32]) -> NDArray[np.intp]:
    """Flat index of each feature's bin."""
    low, high = _SHADE_RANGE
    shade = np.clip((features[..., 0] - low) / (high - low) * _SHADES, 0, _SHADES - 1)
    low, high = _HUE_RANGE
    hue = np.clip((features[..., 1:] - low) / (high - low) * _HUES, 0, _HUES - 1)
    hue = hue.astype(np.intp)
    return (shade.astype(np.intp) * _HUES + hue[..., 0]) * _HUES + hue[..., 1]


def _grid_bins() -> NDArray[np.intp]:
    levels = (np.arange(_LEVELS) + 0.5) * (256 / _LEVELS)
    grid = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1)
    return _bins(shade_and_hue(grid)).reshape(-1)


_GRID_BINS = _grid_bins()


def _histogram(colours: Colours) -> NDArray[np.float32]:
    """Shares of the colours (n, 3) over (shade, hue, hue), flat, summing to one."""
    some = colours[:: 1 + len(colours) // _ENOUGH]
    counts = np.bincount(_bins(shade_and_hue(some)), minlength=_SHADES * _HUES * _HUES)
    return (counts / max(1, len(some))).astype(np.float32)


def _blurred(
    shares: NDArray[np.float32], shade_sigma: float, hue_sigma: float
) -> NDArray[np.float32]:
    """A density from a histogram, flat; sigmas in bins."""
    grid = shares.reshape(_SHADES, _HUES, _HUES).copy()
    for index in np.flatnonzero(grid.any((1, 2))):
        grid[index] = cv2.GaussianBlur(grid[index], (0, 0), hue_sigma)
    flat = grid.reshape(_SHADES, -1)
    blurred = cv2.GaussianBlur(flat, (1, 0), 0.1, sigmaY=shade_sigma)
    return np.asarray(blurred, np.float32).reshape(-1)


def of_one_hue(colours: Colours, own: Colours) -> NDArray[np.bool_]:
    """Which of the colours (n, 3) have the hue of ``own``; none where that is a grey."""
    hue = np.median(shade_and_hue(own)[..., 1:], axis=0)
    if np.abs(hue - GREY).max() < COLOURED:
        return np.zeros(len(colours), bool)
    return np.abs(shade_and_hue(colours)[..., 1:] - hue).max(-1) < SAME_HUE


class ColourModel:
    """log p(colour | object) − log p(colour | around), tabulated over RGB."""

    def __init__(self, table: NDArray[np.float32]) -> None:
        self._table = table  # (levels³,)

    @classmethod
    def learn(cls, inside: Iterable[Colours], outside: Iterable[Colours]) -> "ColourModel":
        """From pixels (n, 3) of the object and of what is not the object.

        Each entry of ``outside`` weighs the same however many pixels it has, so a thin ring
        around the object counts as much as a whole frame.
        """
        own = _histogram(np.concatenate(list(inside)))
        shares = [_histogram(colours) for colours in outside if len(colours)]
        others = np.mean(shares, axis=0) if shares else np.zeros_like(own)
        object_density = 0.5 * _blurred(own, 3.0, 2.5) + 0.5 * _blurred(own, 1.0, 1.2)
        around = _blurred(others, 1.0, 1.2)
        floor = 1e-6  # a colour never seen anywhere speaks against the object
        ratio = np.log(object_density + 0.3 * floor) - np.log(around + floor)
        return cls(ratio[_GRID_BINS].astype(np.float32))

    def ratio(self, image: Image) -> NDArray[np.float32]:
        """The log likelihood ratio of each pixel, (height, width)."""
        step = np.uint8(256 // _LEVELS)
        reduced = image // step
        index = reduced[..., 0].astype(np.int32)
        index = (index * _LEVELS + reduced[..., 1]) * _LEVELS + reduced[..., 2]
        return self._table[index]


def learn_colours(examples: Iterable[Example]) -> ColourModel:
    """From the object's pixels, against the rest of their images and a ring around them.

    What has the object's own hue is not held against it: that is another face of it, or
    another object that only its place tells apart.
    """
    inside: list[Colours] = []
    outside: list[Colours] = []
    for image, mask in ((example.image, example.mask) for example in examples):
        sure = erode(mask, 1)
        own = image[sure if sure.any() else mask]
        inside.append(own)
        for around in (~dilate(mask, 3), dilate(mask, 8) & ~dilate(mask, 2)):
            others = image[around]
            others = others[:: 1 + len(others) // _ENOUGH]
            outside.append(others[~of_one_hue(others, own)])
    return ColourModel.learn(inside, outside)
