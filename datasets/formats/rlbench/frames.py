"""The pictures beside a demo: colours, depth and handles, as PNG files numbered by their step."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...labels.masks import MAX_SIDE
from ...takes.depth import Depth, to_millimetres
from ...takes.jpeg import MOST_PIXELS
from ..imported.episode import EpisodeRefused
from .cameras import Range

COLOURS, DEPTH, HANDLES = "rgb", "depth", "mask"
FARTHEST = (1 << 24) - 1  # the value of a depth that reaches the far plane: nothing was seen
BYTES = np.array([1 << 16, 1 << 8, 1], np.int64)


def cameras_in(episode: Path) -> list[str]:
    """The names of the cameras that saw colours."""
    ending = f"_{COLOURS}"
    found = (path.name for path in episode.iterdir() if path.is_dir())
    return sorted(name.removesuffix(ending) for name in found if name.endswith(ending))


def picture_path(episode: Path, camera: str, kind: str, step: int) -> Path:
    return episode / f"{camera}_{kind}" / f"{step}.png"


def picture_size(path: Path) -> tuple[int, int]:
    """Height and width. Raises EpisodeRefused."""
    with _opened(path) as picture:
        return picture.height, picture.width


def read_picture(path: Path, size: tuple[int, int]) -> NDArray[np.uint8]:
    """RGB (height, width, 3). Raises EpisodeRefused."""
    with _opened(path) as picture:
        try:
            pixels = np.asarray(picture.convert("RGB"))
        except Exception as error:  # what a decoder makes of a hostile file is its own
            raise _refused(path, f"it cannot be decoded ({type(error).__name__})") from error
    if pixels.shape[:2] != size:
        raise _refused(path, f"it has {pixels.shape[:2]} pixels, not {size} (height, width)")
    return pixels


def read_depth(path: Path, size: tuple[int, int], seen: Range) -> Depth:
    """Millimetres (height, width) along the optical axis; 0 where nothing was seen. Raises
    EpisodeRefused."""
    numbers = read_picture(path, size).astype(np.int64) @ BYTES
    metres = seen.near_m + numbers / FARTHEST * (seen.far_m - seen.near_m)
    return to_millimetres(np.where(numbers < FARTHEST, metres, np.inf))


def read_handles(path: Path, size: tuple[int, int]) -> NDArray[np.int64]:
    """Which of the simulator's objects each pixel (height, width) is of. Raises EpisodeRefused."""
    return read_picture(path, size).astype(np.int64) @ BYTES[::-1]


def _opened(path: Path) -> Image.Image:
    """Its header was read. Raises EpisodeRefused."""
    if not path.is_file():
        raise _refused(path, "there is no such file")
    try:
        picture = Image.open(path, formats=("PNG",))
    except Exception as error:  # as above
        raise _refused(path, f"it is no PNG picture ({type(error).__name__})") from error
    if max(picture.size) > MAX_SIDE or picture.width * picture.height > MOST_PIXELS:
        picture.close()
        raise _refused(path, f"it has {picture.width} × {picture.height} pixels, too many")
    return picture


def _refused(path: Path, reason: str) -> EpisodeRefused:
    return EpisodeRefused(f"Picture {path.parent.name}/{path.name}: {reason}.")
