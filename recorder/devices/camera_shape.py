"""What a camera's recorded images look like; known before its driver loads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Image
from ...datasets.takes.depth import Depth


@dataclass(frozen=True, slots=True)
class CameraShape:
    """Size and rate of a camera's images, and what comes with them: depth, or each image as the
    camera itself compressed it."""

    width: int
    height: int
    fps: float
    depth: bool = False
    jpeg: bool = False

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def record_bytes(self) -> int:
        """Room for an image, and for the depth or the JPEG behind it."""
        return self.pixels * (3 + 2 * (self.depth or self.jpeg))

    def image(self, record: NDArray[np.uint8]) -> Image:
        """The image (height, width, 3) at the beginning of a record, as a view."""
        return record[: 3 * self.pixels].reshape(self.height, self.width, 3)

    def depth_mm(self, record: NDArray[np.uint8]) -> Depth | None:
        """The depth (height, width) mm at its end, as a view; None where it has none."""
        rest = record[3 * self.pixels :] if self.depth else record[:0]
        return rest.view(np.uint16).reshape(self.height, self.width) if len(rest) else None

    def own_jpeg(self, record: NDArray[np.uint8]) -> bytes | None:
        """The image at its end, as the camera compressed it; None where it did not."""
        rest = record[3 * self.pixels :] if self.jpeg else record[:0]
        return rest.tobytes() or None
