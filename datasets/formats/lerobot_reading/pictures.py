"""The pictures of an episode: frames of a video, or files inside the table of its numbers."""

import io
from collections.abc import Iterator
from typing import Any

import av
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PIL import Image

from ...labels.masks import MAX_SIDE
from ...takes.jpeg import MOST_PIXELS
from ..imported.episode import EpisodeRefused
from ..pictures import READ
from .dataset import Clip, Feature

Size = tuple[int, int]  # height, width
NEAR = 0.25  # of a period: how far a frame may be from the time of its step
BEFORE = 10_000  # frames that may be decoded before those that are wanted


def size_of(key: str, feature: Feature) -> Size:
    """Height and width. Raises EpisodeRefused."""
    shape = feature.shape
    if len(shape) != 3:
        raise EpisodeRefused(f"The pictures of {key!r:.60} have no size.")
    first = shape[0] in (1, 3) and shape[2] not in (1, 3)  # colours come first
    height, width = shape[1:] if first else shape[:2]
    if not min(height, width) > 0 or max(height, width) > MAX_SIDE or height * width > MOST_PIXELS:
        raise EpisodeRefused(f"The pictures of {key!r:.60} have {width} × {height} pixels.")
    return height, width


def video_frames(clip: Clip, steps: int, rate_hz: float, size: Size) -> Iterator[NDArray[np.uint8]]:
    """RGB (height, width, 3) of each step. Raises EpisodeRefused."""
    try:
        yield from _decoded(clip, steps, rate_hz, size)
    except EpisodeRefused:
        raise
    except Exception as error:  # what a decoder makes of a hostile file is its own
        reason = type(error).__name__
        raise EpisodeRefused(f"Video {clip.path.name} cannot be decoded ({reason}).") from error


def _decoded(clip: Clip, steps: int, rate_hz: float, size: Size) -> Iterator[NDArray[np.uint8]]:
    if not clip.path.is_file():
        raise EpisodeRefused(f"There is no video {clip.path.parent.parent.name}/{clip.path.name}.")
    shown = before = 0
    with av.open(clip.path, format="mp4") as container:  # no list of other files is one
        stream: Any = container.streams.video[0]
        if (stream.height, stream.width) != size:
            found = f"{stream.width} × {stream.height}"
            raise EpisodeRefused(f"Video {clip.path.name} has {found} pixels, not {size[::-1]}.")
        container.seek(round(clip.begins_s / stream.time_base), stream=stream)
        for frame in container.decode(stream):
            place = ((frame.time or 0.0) - clip.begins_s) * rate_hz
            if place < shown - NEAR:
                before += 1
                if before > BEFORE:
                    break
                continue
            if place > shown + NEAR:
                break
            if (frame.height, frame.width) != size:
                raise EpisodeRefused(f"A frame of video {clip.path.name} has another size.")
            yield frame.to_ndarray(format="rgb24")
            shown += 1
            if shown == steps:
                return
    raise EpisodeRefused(f"Video {clip.path.name} has no frame at step {shown} of the episode.")


def stored_frames(column: pa.ChunkedArray, size: Size) -> Iterator[NDArray[np.uint8]]:
    """As ``video_frames``, of pictures that lie in a column. Raises EpisodeRefused."""
    for row in column:
        value = row.as_py()
        content = value.get("bytes") if isinstance(value, dict) else None
        if not isinstance(content, bytes):
            raise EpisodeRefused("A picture of the episode does not lie in its table.")
        yield _picture(content, size)


def _picture(content: bytes, size: Size) -> NDArray[np.uint8]:
    try:
        with Image.open(io.BytesIO(content), formats=READ) as picture:
            if (picture.height, picture.width) != size:
                raise EpisodeRefused("A picture of the episode has another size than it tells.")
            return np.asarray(picture.convert("RGB"))
    except EpisodeRefused:
        raise
    except Exception as error:  # what a decoder makes of a hostile file is its own
        reason = type(error).__name__
        raise EpisodeRefused(f"A picture of the episode cannot be decoded ({reason}).") from error
