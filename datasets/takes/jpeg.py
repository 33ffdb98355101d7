"""Images of takes as JPEG: quality 95 without chroma subsampling."""

import numpy as np
import simplejpeg

from ..errors import WrongRecord
from ..steps import Image

QUALITY = 95


def encode_jpeg(image: Image, quality: int = QUALITY, *, subsampling: str = "444") -> bytes:
    """RGB (height, width, 3) uint8 to JPEG bytes."""
    image = np.ascontiguousarray(image)
    return simplejpeg.encode_jpeg(image, quality, "RGB", subsampling, fastdct=False)


def decode_jpeg(jpeg: bytes) -> Image:
    """JPEG bytes to RGB (height, width, 3). Raises WrongRecord on anything else."""
    try:
        return simplejpeg.decode_jpeg(jpeg, "RGB", fastdct=False, fastupsample=False)
    except ValueError as error:
        raise WrongRecord(f"Not a whole JPEG image ({error}).") from None


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """(height, width) from the header alone. Raises WrongRecord on anything else."""
    try:
        height, width = simplejpeg.decode_jpeg_header(jpeg)[:2]
    except ValueError as error:
        raise WrongRecord(f"Not a JPEG image ({error}).") from None
    return int(height), int(width)


def is_whole_jpeg(jpeg: bytes) -> bool:
    """Whether the bytes begin and end as a JPEG does; a torn one does not."""
    return jpeg[:2] == b"\xff\xd8" and jpeg[-2:] == b"\xff\xd9"
