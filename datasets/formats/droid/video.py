"""The video of one camera: a frame for each step."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...labels.masks import MAX_SIDE
from ...takes.jpeg import MOST_PIXELS
from ..imported.episode import EpisodeRefused

Size = tuple[int, int]  # height, width


def size_of(path: Path) -> Size:
    """Raises EpisodeRefused."""
    for image in _decoded(path):
        return image.shape[0], image.shape[1]
    raise EpisodeRefused(f"Video {path.name} has no picture.")


def frames_of(path: Path, steps: int, size: Size) -> Iterator[NDArray[np.uint8]]:
    """RGB (height, width, 3), of the first steps where it has fewer, and no more than there are
    steps. Raises EpisodeRefused."""
    for step, image in enumerate(_decoded(path)):
        if step == steps:
            return
        if image.shape[:2] != size:
            raise EpisodeRefused(f"A frame of video {path.name} has another size.")
        yield image


def _decoded(path: Path) -> Iterator[NDArray[np.uint8]]:
    import av

    try:
        with av.open(path, format="mp4") as container:  # no list of other files is one
            stream: Any = container.streams.video[0]
            _require_held(path, stream.height, stream.width)
            for frame in container.decode(stream):
                _require_held(path, frame.height, frame.width)
                yield frame.to_ndarray(format="rgb24")
    except EpisodeRefused:
        raise
    except Exception as error:  # what a decoder makes of a hostile file is its own
        reason = type(error).__name__
        raise EpisodeRefused(f"Video {path.name} cannot be decoded ({reason}).") from error


def _require_held(path: Path, height: int, width: int) -> None:
    """Raises EpisodeRefused."""
    if not 0 < min(height, width) <= max(height, width) <= MAX_SIDE or height * width > MOST_PIXELS:
        raise EpisodeRefused(f"Video {path.name} has {width} × {height} pixels.")
