"""The cameras of small test takes: front, and a wrist camera that measures depth."""

import numpy as np

from teachloop.geometry.camera import Camera


def still_cameras(width: int, height: int) -> dict[str, Camera]:
    """Both, of one size, at the base frame's origin."""
    return {
        name: Camera(
            name=name,
            width=width,
            height=height,
            intrinsics=np.eye(3),
            mount="base",
            pose=np.eye(4),
            measures_depth=name == "wrist",
        )
        for name in ("front", "wrist")
    }
