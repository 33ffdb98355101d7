"""A simulated person who clicks: the truth says where, the hand trembles, nothing else is told.

For demos, tests and benchmarks. Pure: the truth comes as arguments.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from .segmenters.interface import Click, Mask

Masks = NDArray[np.bool_]  # (frames, height, width)
TimedClick = tuple[int, float, float, bool]  # frame, x, y, positive

VISIBLE_PX = 50  # fewer pixels are no sight worth a click
_WELL_VISIBLE = 0.5  # of the area that is usual in the take


def choose_frames(masks: Masks, visible_px: int = VISIBLE_PX) -> list[int]:
    """The first frame in which the object is well visible, and the last such frame.

    Well visible: off the image's border, and at least half as large as it usually is. In
    between people leave the work to the propagation. Fewer than ``visible_px`` pixels are no
    sight of it.
    """
    areas = masks.sum((1, 2))
    if areas.max(initial=0) < visible_px:
        return []
    usual = float(np.median(areas[areas >= visible_px]))
    good = areas >= max(visible_px, _WELL_VISIBLE * usual)
    whole = good & ~_on_border(masks)
    frames = np.flatnonzero(whole if whole.any() else good)
    return sorted({int(frames[0]), int(frames[-1])})


def _on_border(masks: Masks) -> NDArray[np.bool_]:
    rows = masks[:, [0, -1]].any((1, 2))
    return np.asarray(rows | masks[:, :, [0, -1]].any((1, 2)))


def click_inside(mask: Mask, rng: np.random.Generator, jitter_px: float = 1.5) -> Click:
    """A click near a deep point of the mask, missed by a Gaussian of ``jitter_px``."""
    depth = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    rows, columns = np.nonzero(depth >= 0.6 * depth.max())
    pick = int(rng.integers(len(rows)))
    u, v = (columns[pick], rows[pick]) + rng.normal(0, jitter_px, 2) + 0.5
    height, width = mask.shape
    return Click(float(np.clip(u, 0.5, width - 0.5)), float(np.clip(v, 0.5, height - 0.5)))


def annotate(masks: Masks, rng: np.random.Generator, jitter_px: float = 1.5) -> list[TimedClick]:
    """At most two clicks for one camera of one take: (frame, x, y, positive)."""
    chosen = [(frame, click_inside(masks[frame], rng, jitter_px)) for frame in choose_frames(masks)]
    return [(frame, click.u, click.v, True) for frame, click in chosen]
