"""Cameras of which a set does not tell where they stood."""

import numpy as np

from ....geometry.camera import Camera
from .episode import Floats


def uncalibrated(name: str, size: tuple[int, int], intrinsics: Floats | None = None) -> Camera:
    """Of pictures of a size (height, width); ``intrinsics`` (3, 3) where they are known."""
    height, width = size
    guess = np.array([[width, 0, width / 2], [0, width, height / 2], [0, 0, 1.0]])
    return Camera(
        name=name,
        width=width,
        height=height,
        intrinsics=guess if intrinsics is None else intrinsics,
        mount="base",
        pose=np.eye(4),
        calibrated=False,
    )
