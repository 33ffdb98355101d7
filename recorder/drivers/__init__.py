"""Devices by name. A driver's own file, and its vendor's library, load only when chosen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ...datasets.errors import TeachloopError
from ..protocols import Cell


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


CAMERAS: Mapping[str, Mapping[str, CameraShape]] = {
    "simulated": {"front": CameraShape(256, 256, 20.0), "wrist": CameraShape(256, 256, 20.0)},
    "synthetic": {"front": CameraShape(640, 480, 30.0), "wrist": CameraShape(640, 480, 30.0)},
}


def camera_shapes(source: str) -> Mapping[str, CameraShape]:
    """The cameras that a source brings; raises UnknownSource."""
    if source not in CAMERAS:
        raise UnknownSource(source, tuple(CAMERAS))
    return CAMERAS[source]


@contextmanager
def open_cell(source: str, seed: int) -> Iterator[Cell]:
    """The devices of a source, acquired for the length of the block."""
    camera_shapes(source)
    cell = MAKERS[source](seed)
    with cell.robot:
        yield cell


def _simulated(seed: int) -> Cell:
    from .simulated import simulated_cell

    return simulated_cell(seed)


def _synthetic(_seed: int) -> Cell:
    from .synthetic import synthetic_cell

    return synthetic_cell()


MAKERS: Mapping[str, Callable[[int], Cell]] = {
    "simulated": _simulated,
    "synthetic": _synthetic,
}
