"""The pictures of archived takes: packets of H.264 (ITU-T H.264), each of which can be sought."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction

import av
import numpy as np
from av.codec.codec import UnknownCodecError
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext

from ...runtime.errors import TeachloopError
from ...runtime.processes.priority import staying_ordinary
from ..errors import WrongRecord
from ..steps import Image
from .jpeg import MOST_PIXELS
from .video_coding import VideoCoding

ENCODER = "libx264"
# Decoded in half of the time, for a fifth more bytes. No frame waits for a later one.
ENCODING = {
    "preset": "veryfast",
    "tune": "fastdecode",
    "bf": "0",
    "sc_threshold": "0",
    "x264-params": "threads=1:rc-lookahead=0:sync-lookahead=0:colormatrix=smpte170m",
}
EVEN, ODD = "yuvj420p", "yuvj444p"  # by the sides of pictures: halved colours need even ones
EDGE = 64  # pixels that a coded picture may be larger than what is shown of it
TICK = Fraction(1, 1000)


class VideoFailed(TeachloopError):
    """Pictures that cannot be encoded here."""

    def __init__(self, reason: object) -> None:
        super().__init__(f"The pictures cannot be encoded as video: {reason}.")


def encode_video(images: Iterable[Image], coding: VideoCoding) -> Iterator[bytes]:
    """A packet for each RGB (height, width, 3), all of one size. Raises VideoFailed."""
    try:
        yield from _encoded(images, coding)
    except (FFmpegError, UnknownCodecError) as error:
        raise VideoFailed(error) from error


def _encoded(images: Iterable[Image], coding: VideoCoding) -> Iterator[bytes]:
    encoder: VideoCodecContext | None = None
    for number, image in enumerate(images):
        encoder = encoder or _encoder(image.shape[0], image.shape[1], coding)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
        frame.pts, frame.time_base = number, TICK
        yield from map(bytes, encoder.encode(frame))
    if encoder is not None:
        yield from map(bytes, encoder.encode(None))


def _encoder(height: int, width: int, coding: VideoCoding) -> VideoCodecContext:
    encoder = av.CodecContext.create(ENCODER, "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.height, encoder.width = height, width
    encoder.pix_fmt = ODD if height % 2 or width % 2 else EVEN
    encoder.time_base = TICK
    encoder.options = {**ENCODING, "g": f"{coding.key_every}", "qp": f"{coding.quantizer}"}
    with staying_ordinary():  # its thread, and ours, would go before the robot's
        encoder.open()
    return encoder


class VideoDecoder:
    """Decodes single pictures of one video, faster where each follows the last one."""

    def __init__(self, coding: VideoCoding, height: int, width: int) -> None:
        """Raises WrongRecord where that many pixels are in no picture of a take."""
        if height * width > MOST_PIXELS:
            raise WrongRecord(f"A video of {height} × {width} pixels is more than any camera's.")
        decoder = av.CodecContext.create(coding.codec, "r")
        assert isinstance(decoder, VideoCodecContext)
        decoder.thread_count = 1  # with more, pictures come later than their packets
        decoder.options = {"max_pixels": f"{(height + EDGE) * (width + EDGE)}"}
        self._decoder = decoder
        self._size = height, width
        self._key_every = coding.key_every
        self._last = -1

    def image(self, index: int, packet: Callable[[int], bytes]) -> Image:
        """RGB (height, width, 3), given how to get the packet of any picture. Raises WrongRecord
        where it cannot be decoded or has another size."""
        begin = self._begin(index)
        self._last = -1
        frames: list[av.VideoFrame] = []
        try:
            for at in range(begin, index + 1):
                frames = self._decoder.decode(av.Packet(packet(at)))
            if len(frames) != 1 or (frames[0].height, frames[0].width) != self._size:
                raise WrongRecord(f"Picture {index} of a video is not one of {self._size} pixels.")
            image = frames[0].to_ndarray(format="rgb24").astype(np.uint8, copy=False)
        except (FFmpegError, ValueError) as error:
            raise WrongRecord(f"Picture {index} of a video is damaged ({error}).") from None
        self._last = index
        return image

    def _begin(self, index: int) -> int:
        """The first picture that is to be decoded for this one."""
        key = index - index % self._key_every
        if key <= self._last < index:
            return self._last + 1
        with suppress(FFmpegError):
            self._decoder.flush_buffers()
        return key
