"""What a camera's recorded images look like; known before its driver loads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Image
from ...datasets.takes.depth import Depth


@dataclass(frozen=True, slots=True)
class CameraShape:
    """Size and rate of a camera's images, and whether depth comes with them."""

    width: int
    height: int
    fps: float
    depth: bool = False

    @property
    def record_bytes(self) -> int:
        """Size of an image, and of the depth behind it."""
        return self.width * self.height * (5 if self.depth else 3)

    def image(self, record: NDArray[np.uint8]) -> Image:
        """The image (height, width, 3) at the beginning of a record, as a view."""
        return record[: self.width * self.height * 3].reshape(self.height, self.width, 3)

    def depth_mm(self, record: NDArray[np.uint8]) -> Depth | None:
        """The depth (height, width) mm at its end, as a view; None where it has none."""
        rest = record[self.width * self.height * 3 :]
        return rest.view(np.uint16).reshape(self.height, self.width) if len(rest) else None
