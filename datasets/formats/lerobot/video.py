"""Pictures as video: one for each take and camera, then several behind each other in a file."""

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from ....runtime.json_file import JsonObject
from .files import FilePlace, Numbering
from .plan import Size

ENCODER, CODEC, PIXELS = "libsvtav1", "av1", "yuv420p"
ENCODING = {"g": "2", "crf": "30", "preset": "12"}  # LeRobot's: every second frame can be sought
STARTS_FAST = {"movflags": "faststart"}  # its index comes first
os.environ.setdefault("SVT_LOG", "1")  # the encoder says its errors alone


class VideoWriter:
    """Encodes pictures of one size, one a tick. Use as a context manager."""

    def __init__(self, path: Path, size: Size, rate_hz: int) -> None:
        self._path, self._size, self._rate_hz = path, size, rate_hz
        self._frames = 0

    def __enter__(self) -> "VideoWriter":
        self._container: Any = av.open(self._path, "w", format="mp4")
        stream = self._container.add_stream(ENCODER, rate=self._rate_hz, options=ENCODING)
        stream.height, stream.width = self._size
        stream.pix_fmt = PIXELS
        stream.codec_context.time_base = Fraction(1, self._rate_hz)
        self._stream = stream
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._container.mux(self._stream.encode())
        self._container.close()

    def add(self, image: NDArray[np.uint8]) -> None:
        """RGB (height, width, 3)."""
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame.pts, frame.time_base = self._frames, Fraction(1, self._rate_hz)
        self._container.mux(self._stream.encode(frame))
        self._frames += 1


class VideoFiles:
    """The files of one camera: takes behind each other, until a file is full. Use as a context
    manager."""

    def __init__(self, root: Path, template: str, rate_hz: int) -> None:
        self._numbering = Numbering(root, template)
        self._rate_hz = rate_hz
        self._container: Any = None
        self._stream: Any = None
        self._frames = self._bytes = 0

    def __enter__(self) -> "VideoFiles":
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def add(self, path: Path, frames: int, full_bytes: int) -> tuple[FilePlace, float]:
        """A video of so many frames; returns where it lies, and from which second on."""
        size = path.stat().st_size
        if self._container is None or self._bytes + size > full_bytes:
            self._close()
            self._open(path)
        begins = self._frames
        for packet in _packets(path, self._rate_hz, begins):
            packet.stream = self._stream
            self._container.mux(packet)
        self._frames += frames
        self._bytes += size
        return self._numbering.place, begins / self._rate_hz

    def _open(self, like: Path) -> None:
        self._container = av.open(
            self._numbering.next_path(), "w", format="mp4", options=STARTS_FAST
        )
        with av.open(like) as source:
            self._stream = self._container.add_stream_from_template(
                source.streams.video[0], opaque=True
            )
        self._stream.time_base = Fraction(1, self._rate_hz)
        self._frames = self._bytes = 0

    def _close(self) -> None:
        if self._container is not None:
            self._container.close()
            self._container = None


def _packets(path: Path, rate_hz: int, later: int) -> Iterator[av.Packet]:
    """Of a video, by so many frames later."""
    with av.open(path) as source:
        stream: VideoStream = source.streams.video[0]
        for packet in source.demux(stream):
            if packet.dts is None or packet.pts is None or packet.time_base is None:
                continue
            to_frames = packet.time_base * rate_hz
            packet.pts = later + round(packet.pts * to_frames)
            packet.dts = later + round(packet.dts * to_frames)
            packet.duration = 1
            packet.time_base = Fraction(1, rate_hz)
            yield packet


def video_info(size: Size, rate_hz: int) -> JsonObject:
    """What LeRobot knows of the videos of one camera."""
    return {
        "video.height": size[0],
        "video.width": size[1],
        "video.codec": CODEC,
        "video.pix_fmt": PIXELS,
        "video.fps": rate_hz,
        "video.channels": 3,
        "has_audio": False,
        "is_depth_map": False,
    }
