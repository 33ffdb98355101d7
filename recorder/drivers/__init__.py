"""Devices by name. A driver's own file, and its vendor's library, load only when chosen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Image
from ...datasets.takes.depth import Depth
from ...runtime.errors import TeachloopError
from ..devices.interfaces import Devices


class UnknownSource(TeachloopError):
    """A name for which there is no driver."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"No devices named {name!r}. Known: {', '.join(known)}.")


@dataclass(frozen=True, slots=True)
class CameraShape:
    """What a camera's recorded images look like; known before its driver loads."""

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


CAMERAS: Mapping[str, Mapping[str, CameraShape]] = {
    "simulated": {
        "front": CameraShape(256, 256, 20.0, depth=True),
        "wrist": CameraShape(256, 256, 20.0, depth=True),
    },
    "synthetic": {"front": CameraShape(640, 480, 30.0), "wrist": CameraShape(640, 480, 30.0)},
}


def camera_shapes(source: str) -> Mapping[str, CameraShape]:
    """The cameras that a source brings; raises UnknownSource."""
    if source not in CAMERAS:
        raise UnknownSource(source, tuple(CAMERAS))
    return CAMERAS[source]


@contextmanager
def open_devices(source: str, seed: int) -> Iterator[Devices]:
    """The devices of a source, acquired for the length of the block."""
    camera_shapes(source)
    cell = MAKERS[source](seed)
    with cell.robot:
        yield cell


def _simulated(seed: int) -> Devices:
    from .simulated import simulated_devices

    return simulated_devices(seed)


def _synthetic(_seed: int) -> Devices:
    from .synthetic import synthetic_devices

    return synthetic_devices()


MAKERS: Mapping[str, Callable[[int], Devices]] = {
    "simulated": _simulated,
    "synthetic": _synthetic,
}
