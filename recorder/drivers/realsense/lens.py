"""What the lens of a RealSense does to its pictures, and how they become those of a pinhole.

librealsense's models are after Brown (1966); what it calls *inverse*, which most of its cameras
have, it computes as the *modified* one, so this does, too. Its pixels are counted from the middle
of the first one, ours from its corner.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ....datasets.steps import Image
from ....datasets.takes.depth import Depth
from .library import NoRealSense, librealsense

Floats = NDArray[np.float64]
STRAIGHT = 1e-6  # of coefficients that do nothing


class Lens(NamedTuple):
    """Makes a picture straight."""

    intrinsics: Floats  # (3, 3) pixels from the corner of the picture
    columns: NDArray[np.float32] | None  # (h, w) where each pixel of a straight picture is found …
    rows: NDArray[np.float32] | None  # … in the camera's; None: they are straight

    def image(self, image: Image) -> Image:
        """(h, w, 3), another array; between pixels by interpolation."""
        if self.columns is None or self.rows is None:
            return image.copy()
        straight = cv2.remap(image, self.columns, self.rows, cv2.INTER_LINEAR)
        return np.asarray(straight, np.uint8)

    def depth(self, depth_mm: Depth) -> Depth:
        """(h, w), another array; each of the pixel that is nearest, 0 where there is none."""
        if self.columns is None or self.rows is None:
            return depth_mm.copy()
        straight = cv2.remap(depth_mm, self.columns, self.rows, cv2.INTER_NEAREST)
        return np.asarray(straight, np.uint16)


def lens_of(known: Any, *, as_they_come: bool = False) -> Lens:
    """Of librealsense's intrinsics. Raises NoRealSense where its model is of a fisheye, and where
    pictures are to stay as they come, and it bends them."""
    intrinsics = np.array(
        [[known.fx, 0, known.ppx + 0.5], [0, known.fy, known.ppy + 0.5], [0, 0, 1]], np.float64
    )
    bent = np.asarray(known.coeffs, np.float64)
    if np.abs(bent).max() < STRAIGHT or known.model == librealsense().distortion.none:
        return Lens(intrinsics, None, None)
    if as_they_come:
        raise NoRealSense(
            "The lens of this camera bends its pictures, and recorded as they come they would stay "
            "bent: leave `jpeg` out."
        )
    lands = _model(known.model)
    rows, columns = np.mgrid[: known.height, : known.width].astype(np.float64)
    x, y = (columns - known.ppx) / known.fx, (rows - known.ppy) / known.fy
    x, y = lands(x, y, bent)
    found = x * known.fx + known.ppx, y * known.fy + known.ppy
    return Lens(intrinsics, *(part.astype(np.float32) for part in found))


def _model(model: Any) -> Callable[[Floats, Floats, Floats], tuple[Floats, Floats]]:
    """Where a ray (x, y, 1) lands in the picture, as a ray of a pinhole."""
    kinds = librealsense().distortion
    models = {
        kinds.brown_conrady: brown_conrady,
        kinds.modified_brown_conrady: modified_brown_conrady,
        kinds.inverse_brown_conrady: modified_brown_conrady,
    }
    if model not in models:
        raise NoRealSense(f"The lens of this camera is of a kind that is not known here: {model}.")
    return models[model]


def brown_conrady(x: Floats, y: Floats, bent: Floats) -> tuple[Floats, Floats]:
    """k1, k2, p1, p2, k3, as OpenCV has them."""
    k1, k2, p1, p2, k3 = bent
    square = x * x + y * y
    radial = 1 + square * (k1 + square * (k2 + square * k3))
    return (
        x * radial + 2 * p1 * x * y + p2 * (square + 2 * x * x),
        y * radial + 2 * p2 * x * y + p1 * (square + 2 * y * y),
    )


def modified_brown_conrady(x: Floats, y: Floats, bent: Floats) -> tuple[Floats, Floats]:
    """The same, but the tangential part is of what the radial one made."""
    k1, k2, p1, p2, k3 = bent
    square = x * x + y * y
    radial = 1 + square * (k1 + square * (k2 + square * k3))
    x, y = x * radial, y * radial
    return (
        x + 2 * p1 * x * y + p2 * (square + 2 * x * x),
        y + 2 * p2 * x * y + p1 * (square + 2 * y * y),
    )
