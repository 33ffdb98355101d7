"""A camera's JPEG pictures as they come by USB: some lack what all share, some are torn."""

import numpy as np
import pytest

from teachloop.datasets.errors import WrongRecord
from teachloop.datasets.takes.jpeg import decode_jpeg, encode_jpeg
from teachloop.recorder.drivers.capture import picture_of as picture_of_read
from teachloop.recorder.drivers.mjpeg import usual_tables, whole_jpeg

# ITU-T T.81, annex K.3: how many codes of each length, of DC and AC, of luminance and chrominance.
COUNTS = {
    0x00: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    0x01: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
    0x10: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
    0x11: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
}


def picture() -> np.ndarray:
    rows, columns = np.mgrid[:48, :64]
    return np.stack([rows * 5, columns * 4, rows + columns], -1).astype(np.uint8)


def read(payload: bytes) -> np.ndarray:
    """As OpenCV hands it over."""
    return np.frombuffer(payload, np.uint8)[None]


def test_the_tables_that_are_put_in_are_those_of_the_standard() -> None:
    tables, found, at = usual_tables(), {}, 0
    while at < len(tables):
        assert tables[at : at + 2] == b"\xff\xc4"
        end = at + 2 + int.from_bytes(tables[at + 2 : at + 4], "big")
        inside = at + 4
        while inside < end:
            found[tables[inside]] = list(tables[inside + 1 : inside + 17])
            inside += 17 + sum(found[tables[inside]])
        at = end
    assert found == COUNTS


def test_a_picture_without_tables_gets_them() -> None:
    jpeg = encode_jpeg(picture())
    bare = jpeg.replace(usual_tables(), b"")
    if bare == jpeg:  # the tables lie apart
        for table in usual_tables().split(b"\xff\xc4")[1:]:
            bare = bare.replace(b"\xff\xc4" + table, b"")
    assert len(bare) == len(jpeg) - len(usual_tables())
    assert np.array_equal(decode_jpeg(whole_jpeg(read(bare))), picture_of(jpeg))


def picture_of(jpeg: bytes) -> np.ndarray:
    return decode_jpeg(jpeg)


def test_what_fills_a_packet_is_cut_off() -> None:
    jpeg = encode_jpeg(picture())
    assert whole_jpeg(read(jpeg + b"\0" * 1000)) == jpeg


@pytest.mark.parametrize("torn", [b"", b"\xff\xd8\xff", b"\0" * 100])
def test_a_torn_one_is_refused(torn: bytes) -> None:
    with pytest.raises(WrongRecord):
        whole_jpeg(read(torn))
    with pytest.raises(WrongRecord):
        whole_jpeg(read(encode_jpeg(picture())[: 500 + len(torn)]))


def test_filler_before_the_end_does_no_harm() -> None:
    jpeg = encode_jpeg(picture())
    filled = jpeg[:-2] + b"\0" * 7 + jpeg[-2:]
    shown = picture_of_read(read(filled), jpeg=True)
    assert shown.jpeg is not None
    assert np.array_equal(decode_jpeg(shown.jpeg), shown.image), "readable for everybody else"
    assert np.abs(shown.image.astype(int) - picture_of(jpeg)).max() < 12
