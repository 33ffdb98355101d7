"""Images of takes as JPEG: quality 95 without chroma subsampling."""

import numpy as np
import simplejpeg

from ..errors import WrongRecord
from ..steps import Image

QUALITY = 95
MOST_PIXELS = 1 << 25  # of one image; a few bytes can claim four billion
FACTORS = (8, 4, 2)  # libjpeg scales by all eighths, but only by these in less than the full time


def encode_jpeg(image: Image, quality: int = QUALITY, *, subsampling: str = "444") -> bytes:
    """RGB (height, width, 3) uint8 to JPEG bytes."""
    image = np.ascontiguousarray(image)
    return simplejpeg.encode_jpeg(image, quality, "RGB", subsampling, fastdct=False)


def decode_jpeg(jpeg: bytes) -> Image:
    """JPEG bytes to RGB (height, width, 3). Raises WrongRecord on anything else."""
    jpeg_size(jpeg)
    return _decode(jpeg)


def decode_jpeg_at_least(jpeg: bytes, height: int, width: int) -> Image:
    """JPEG bytes to RGB of at least (height, width), or of full size where that is smaller.

    libjpeg halves the image as it decodes, as often as it goes. At full size it is what
    ``decode_jpeg`` gives; else within 1 of 255, on average, of the mean over the full image's
    areas. Raises WrongRecord.
    """
    rows, columns = _least_size(jpeg_size(jpeg), height, width)
    return _decode(jpeg, min_height=rows, min_width=columns)


def _least_size(full: tuple[int, int], height: int, width: int) -> tuple[int, int]:
    """The smallest size (height, width) among the halvings that is large enough."""
    for factor in FACTORS:
        rows, columns = (-(-side // factor) for side in full)  # libjpeg rounds up
        if rows >= height and columns >= width:
            return rows, columns
    return full


def _decode(jpeg: bytes, *, min_height: int = 0, min_width: int = 0) -> Image:
    try:
        return simplejpeg.decode_jpeg(
            jpeg,
            "RGB",
            fastdct=False,
            fastupsample=False,
            min_height=min_height,
            min_width=min_width,
        )
    except ValueError as error:
        raise WrongRecord(f"Not a whole JPEG image ({error}).") from None


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """(height, width) from the header alone. Raises WrongRecord on anything else, also on what
    would unfold to gigabytes."""
    try:
        height, width = map(int, simplejpeg.decode_jpeg_header(jpeg)[:2])
    except ValueError as error:
        raise WrongRecord(f"Not a JPEG image ({error}).") from None
    if height * width > MOST_PIXELS:
        raise WrongRecord(f"Not an image of a camera: it has {width} × {height} pixels.")
    return height, width


def is_whole_jpeg(jpeg: bytes) -> bool:
    """Whether the bytes begin and end as a JPEG does; a torn one does not."""
    return jpeg[:2] == b"\xff\xd8" and jpeg[-2:] == b"\xff\xd9"
