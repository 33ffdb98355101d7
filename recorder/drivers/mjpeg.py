"""Pictures that a camera compressed itself, as they come by USB or lie in a film."""

from collections.abc import Iterator
from functools import cache

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from ...datasets.errors import WrongRecord
from ...datasets.steps import Image
from ...datasets.takes.jpeg import encode_jpeg, is_whole_jpeg

FILLED = "extraneous bytes before marker 0xd9"  # libjpeg's words for what some cameras do
END = b"\xff\xd9"
TABLES, SCAN = 0xC4, 0xDA  # markers of Huffman tables, and of what is coded by them
RAW = -1  # OpenCV's word for what came, undecoded


def leave_compressed(capture: cv2.VideoCapture) -> None:
    """Ask for pictures as they are; one word is FFmpeg's, the other one V4L2's."""
    capture.set(cv2.CAP_PROP_FORMAT, RAW)
    capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)


def whole_jpeg(read: Image) -> bytes:
    """A JPEG that stands alone, of what OpenCV read. Raises WrongRecord of anything else.

    A camera may leave out the Huffman tables that all such pictures share (as AVI1 does), and fill
    what is left of its packet.
    """
    payload = read.tobytes()
    payload = payload[: payload.rfind(END) + len(END)]
    if not is_whole_jpeg(payload):
        raise WrongRecord("Not a whole JPEG image.")
    segments = list(_segments(payload))
    if any(marker == TABLES for marker, _, _ in segments):
        return payload
    scan = segments[-1][2] if segments else 2
    return payload[:scan] + usual_tables() + payload[scan:]


def decode_filled(jpeg: bytes) -> Image:
    """One with filler before its end, which does no harm."""
    return simplejpeg.decode_jpeg(jpeg, "RGB", strict=False)


@cache
def usual_tables() -> bytes:
    """The Huffman tables of ITU-T T.81, annex K.3, as libjpeg writes them."""
    picture: NDArray[np.uint8] = np.zeros((16, 16, 3), np.uint8)
    written = encode_jpeg(picture)
    tables = (written[start:end] for marker, start, end in _segments(written) if marker == TABLES)
    return b"".join(tables)


def _segments(jpeg: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment before the first scan."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != SCAN:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        yield jpeg[at + 1], at, end
        at = end
