"""Pictures of a take, small and grey: enough to see what moves."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ...geometry.camera import Camera
from ..takes.reader import Take

Grey = NDArray[np.float32]  # (height, width), 0 to 255


def small_size(camera: Camera, width: int) -> tuple[int, int]:
    """Height and width of a camera's pictures that are so wide, at most as wide as they are."""
    width = min(width, camera.width)
    return max(1, round(width * camera.height / camera.width)), width


def small_picture(take: Take, camera: str, index: int, width: int) -> Grey:
    """A frame that is so wide. Raises WrongRecord."""
    height, width = small_size(take.info.cameras[camera], width)
    image = take.image_at_least(camera, index, height, width)
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32)
