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
from ....runtime.processes.priority import staying_ordinary
from ..episodes.plan import Size
from .files import FilePlace, Numbering

ENCODER, CODEC, PIXELS = "libsvtav1", "av1", "yuv420p"
# LeRobot's: every second frame can be sought. One level of parallelism: the bytes are the same, and
# with more the encoder's threads now and then wait for each other for ever, on two busy cores.
ENCODING = {"g": "2", "crf": "30", "preset": "12", "svtav1-params": "lp=1"}
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
        with staying_ordinary():  # the encoder's threads, and ours, would go before the robot's
            stream.codec_context.open()
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


class JoinedVideo:
    """A file in which videos of one kind lie behind each other."""

    def __init__(self, path: Path, like: Path, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._container: Any = av.open(path, "w", format="mp4", options=STARTS_FAST)
        with av.open(like) as source:
            video = source.streams.video[0]
            self._stream = self._container.add_stream_from_template(video, opaque=True)
        self._stream.time_base = Fraction(1, rate_hz)
        self.frames = self.bytes = 0

    def append(self, path: Path, frames: int) -> None:
        for packet in _packets(path, self._rate_hz, self.frames):
            packet.stream = self._stream
            self._container.mux(packet)
        self.frames += frames
        self.bytes += path.stat().st_size

    def close(self) -> None:
        self._container.close()


class VideoFiles:
    """The files of one camera: takes behind each other, until a file is full. Use as a context
    manager."""

    def __init__(self, root: Path, template: str, rate_hz: int) -> None:
        self._numbering = Numbering(root, template)
        self._rate_hz = rate_hz
        self._file: JoinedVideo | None = None

    def __enter__(self) -> "VideoFiles":
        return self

    def __exit__(self, *error: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, path: Path, frames: int, full_bytes: int) -> tuple[FilePlace, float]:
        """A video of so many frames; returns where it lies, and from which second on."""
        file = self._with_room(path, full_bytes)
        begins_s = file.frames / self._rate_hz
        file.append(path, frames)
        return self._numbering.place, begins_s

    def _with_room(self, path: Path, full_bytes: int) -> JoinedVideo:
        if self._file is not None and self._file.bytes + path.stat().st_size <= full_bytes:
            return self._file
        if self._file is not None:
            self._file.close()
        self._file = JoinedVideo(self._numbering.next_path(), path, self._rate_hz)
        return self._file


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
