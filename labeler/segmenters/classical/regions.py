"""Binary regions: the parts under clicks, holes, crops, and edges put where they belong."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ..interface import Mask

Window = tuple[slice, slice]  # rows, columns

_CONTRAST = 24.0  # RGB distance below which an edge is too faint to be put right


@lru_cache
def disc(radius_px: int) -> NDArray[np.uint8]:
    """A round structuring element."""
    size = 2 * radius_px + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)).astype(np.uint8)


def dilate(mask: Mask, radius_px: int) -> Mask:
    """The mask grown by a disc; unchanged for a radius of 0."""
    if radius_px <= 0:
        return mask
    return cv2.dilate(mask.view(np.uint8), disc(radius_px)).view(bool)


def erode(mask: Mask, radius_px: int) -> Mask:
    """The mask shrunk by a disc; the image's border does not shrink it."""
    if radius_px <= 0:
        return mask
    return cv2.erode(mask.view(np.uint8), disc(radius_px)).view(bool)


def bounds(mask: Mask) -> tuple[int, int, int, int] | None:
    """First row, first column, end row, end column of what is set; None if nothing is."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return None
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def window(box: tuple[float, float, float, float], margin: float, shape: tuple[int, ...]) -> Window:
    """Slices around (top, left, bottom, right), ``margin`` pixels wider, inside the image."""
    top, left, bottom, right = box
    rows = slice(max(0, int(top - margin)), max(0, min(shape[0], int(np.ceil(bottom + margin)))))
    columns = slice(max(0, int(left - margin)), max(0, min(shape[1], int(np.ceil(right + margin)))))
    return rows, columns


def components(mask: Mask) -> tuple[int, NDArray[np.int32], NDArray[np.int32]]:
    """4-connected parts: their number with the background, labels, OpenCV's statistics."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.view(np.uint8), connectivity=4, ltype=cv2.CV_32S
    )
    return count, labels.view(np.int32), stats.view(np.int32)


def touching(mask: Mask, core: Mask, at_least: int = 1) -> Mask:
    """The connected parts of ``mask`` that share ``at_least`` pixels with ``core``."""
    count, labels, _ = components(mask)
    shared = np.bincount(labels[core], minlength=count)
    keep = shared >= at_least
    keep[0] = False
    return keep[labels]


def deepest(mask: Mask) -> tuple[tuple[int, int], float]:
    """Row and column of the pixel farthest from what is not set, and how far that is in pixels.
    Beyond the border nothing is set."""
    padded = cv2.copyMakeBorder(mask.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    return (int(row), int(column)), float(depth[row, column])


def fill_holes(mask: Mask) -> Mask:
    """The mask with every enclosed hole filled; bays at the image's border stay open."""
    padded = cv2.copyMakeBorder(mask.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(padded, None, (0, 0), 2)
    return padded[1:-1, 1:-1] != 2


def smooth(mask: Mask) -> Mask:
    """Single pixels that stick out or in are taken back (3×3 majority)."""
    counts = cv2.boxFilter(mask.astype(np.uint8), -1, (3, 3), normalize=False)
    return (counts >= 5) if mask.any() else mask


def refine_edge(image: NDArray[np.uint8], mask: Mask, band_px: int = 2) -> Mask:
    """Decide the pixels along the edge by how much of each belongs to the inside.

    A camera's edge pixel mixes both sides: c = α·F + (1 − α)·B. F and B are the mean colours
    of the sure inside and outside nearby, α follows by projection, and α > ½ is inside (the
    local, closed-form end of matting; Chuang et al., 2001, without its iterations).
    """
    box = bounds(mask)
    if box is None:
        return mask
    crop = window(box, band_px + 6, mask.shape)
    refined = mask.copy()
    refined[crop] = _refine(image[crop], np.ascontiguousarray(mask[crop]), band_px)
    return refined


def _refine(image: NDArray[np.uint8], mask: Mask, band_px: int) -> Mask:
    inside = erode(mask, 1)
    if inside.sum() < 0.25 * mask.sum():
        inside = mask
    outside = ~dilate(mask, band_px)
    band = dilate(mask, band_px - 1) & ~inside
    if not band.any() or not outside.any():
        return mask
    pixels = image.astype(np.float32)
    rows, columns = np.nonzero(band)
    near, near_count = _local_mean(pixels, inside, 7, rows, columns)
    far, far_count = _local_mean(pixels, outside, 9, rows, columns)
    span = near - far
    length = np.einsum("nc,nc->n", span, span)
    alpha = np.einsum("nc,nc->n", pixels[rows, columns] - far, span) / np.maximum(length, 1.0)
    decided = (near_count > 0.5) & (far_count > 0.5) & (length > _CONTRAST**2)
    refined = mask.copy()
    refined[rows[decided], columns[decided]] = alpha[decided] > 0.5
    return refined


def _local_mean(
    pixels: NDArray[np.float32],
    where: Mask,
    size: int,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Mean colour (n, 3) of the chosen pixels in a square around each place, and their number."""
    weight = where.astype(np.float32)
    total = cv2.boxFilter(cv2.merge([weight] * 3) * pixels, -1, (size, size), normalize=False)
    number = cv2.boxFilter(weight, -1, (size, size), normalize=False)
    count = number[rows, columns].astype(np.float32)
    return total[rows, columns] / np.maximum(count, 1.0)[:, None], count
