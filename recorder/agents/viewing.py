"""Directions as they are seen in a camera's picture."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from ...geometry.camera import Camera
from ...geometry.rotations import Array
from ..devices.interfaces import Twist

Cameras = Callable[[], Iterable[Camera]]  # as many as have said by now where they stand
LEVEL = 0.1  # length of what is left of a picture's right side, laid flat; below, it stands upright


def seen_by(cameras: Iterable[Camera]) -> Array:
    """The turn (3, 3) about the vertical by which directions of the base become those in the
    picture of the first calibrated camera beside the robot: x towards it, y to the right. The
    identity where there is none."""
    for camera in cameras:
        right = camera.pose[:2, 0]
        if camera.mount == "base" and camera.calibrated and np.linalg.norm(right) > LEVEL:
            across, along = right / np.linalg.norm(right)
            return np.array([[along, across, 0.0], [-across, along, 0.0], [0.0, 0.0, 1.0]])
    return np.eye(3)


def no_cameras() -> Iterable[Camera]:
    """Directions of a picture are those of the base."""
    return ()


def in_base(twist: Twist, cameras: Cameras) -> Twist:
    """A twist that was meant as it is seen in a picture, in the base frame."""
    if twist.frame != "camera":
        return twist
    seen = seen_by(cameras())
    linear, angular = (
        (float(x), float(y), float(z))
        for x, y, z in (seen @ twist.linear_m_s, seen @ twist.angular_rad_s)
    )
    return replace(twist, linear_m_s=linear, angular_rad_s=angular, frame="base")
