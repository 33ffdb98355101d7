"""Masks as polygons whose corners are pixels."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ..labels.masks import Mask

Ring = NDArray[np.int32]  # (points, 2): column, row


def as_polygon(mask: Mask) -> Ring:
    """One polygon for a mask (height, width) that is not empty; three corners at least.

    Filled by ``cv2.fillPoly`` it is the mask again, holes included. Where the mask has several
    parts, lines that are one pixel wide lead from each to the nearest: a polygon has no gaps.
    """
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    corners = _corners(_joined([ring.reshape(-1, 2).astype(np.int32) for ring in found]))
    return np.resize(corners, (3, 2)) if len(corners) < 3 else corners


def _joined(rings: Sequence[Ring]) -> Ring:
    """All rings as one: there and back again between the nearest two, time after time."""
    left = sorted(rings, key=len)
    whole = left.pop()
    while left:
        ways = [_nearest(whole, ring) for ring in left]
        best = int(np.argmin([distance for distance, _, _ in ways]))
        _, leave, arrive = ways[best]
        ring = np.roll(left.pop(best), -arrive, axis=0)
        whole = np.concatenate([whole[: leave + 1], ring, ring[:1], whole[leave:]])
    return whole


def _nearest(one: Ring, other: Ring) -> tuple[float, int, int]:
    """How far two rings are apart (squared), and at which points."""
    square = ((one[:, None] - other[None]) ** 2).sum(2)
    place = int(square.argmin())
    return float(square.flat[place]), *divmod(place, len(other))


def _corners(ring: Ring) -> Ring:
    """Without the points that lie straight on the way."""
    came, goes = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    turned = came[:, 0] * goes[:, 1] - came[:, 1] * goes[:, 0] != 0
    back = (came * goes).sum(1) <= 0
    return ring[turned | back]
