"""The pictures of one camera, whichever way its file keeps them."""

from collections.abc import Callable
from functools import cached_property
from typing import Protocol, TypeAlias

from ...geometry.camera import Camera
from ..errors import WrongRecord
from ..steps import Image
from .jpeg import decode_jpeg, decode_jpeg_at_least, encode_jpeg, jpeg_size
from .video_coding import VideoCoding

Payload = Callable[[int], bytes]


class Pictures(Protocol):
    """By index. Each raises IndexError, and WrongRecord where a picture is damaged or of another
    size than its camera's."""

    def jpeg(self, index: int) -> bytes: ...
    def image(self, index: int) -> Image: ...
    def image_at_least(self, index: int, height: int, width: int) -> Image: ...
    def require_whole(self, index: int) -> None: ...


PictureFilter: TypeAlias = Callable[[Pictures], Pictures]
"""What is shown of a camera's pictures."""


def as_recorded(pictures: Pictures) -> Pictures:
    return pictures


class JpegPictures:
    """Each a JPEG, as it was recorded."""

    def __init__(self, payload: Payload, camera: Camera) -> None:
        self._payload, self._camera = payload, camera

    def jpeg(self, index: int) -> bytes:
        jpeg, known = self._payload(index), self._camera
        if (found := jpeg_size(jpeg)) != (wanted := (known.height, known.width)):
            raise WrongRecord(f"Frame {index} of {known.name!r} has {found} pixels, not {wanted}.")
        return jpeg

    def image(self, index: int) -> Image:
        return decode_jpeg(self.jpeg(index))

    def image_at_least(self, index: int, height: int, width: int) -> Image:
        return decode_jpeg_at_least(self.jpeg(index), height, width)

    def require_whole(self, index: int) -> None:
        self.jpeg(index)


class VideoPictures:
    """Packets of a video, see ``VideoDecoder``."""

    def __init__(self, payload: Payload, camera: Camera, coding: VideoCoding) -> None:
        self._payload, self._camera, self._coding = payload, camera, coding

    @cached_property
    def _decode(self) -> Callable[[int, Payload], Image]:
        from .video import VideoDecoder  # the recorder has no use for FFmpeg

        return VideoDecoder(self._coding, self._camera.height, self._camera.width).image

    def jpeg(self, index: int) -> bytes:
        return encode_jpeg(self.image(index))

    def image(self, index: int) -> Image:
        return self._decode(index, self._payload)

    def image_at_least(self, index: int, height: int, width: int) -> Image:
        return self.image(index)

    def require_whole(self, index: int) -> None:
        self.image(index)
