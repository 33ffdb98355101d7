"""Images decoded at the size that is needed."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from teachloop.datasets.errors import WrongRecord
from teachloop.datasets.steps import Image
from teachloop.datasets.takes.jpeg import decode_jpeg, decode_jpeg_at_least, encode_jpeg
from teachloop.datasets.takes.reader import Take

SIZES = [(480, 640), (720, 1280), (256, 256), (101, 203), (7, 9)]


def scene(height: int, width: int) -> Image:
    """A picture with slopes, edges and a little of a sensor's noise."""
    rng = np.random.default_rng([height, width])
    coarse = rng.integers(30, 220, (6, 8, 3), np.uint8)
    image = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).astype(float)
    image[height // 3 : height // 2, width // 4 : width // 2] = (200, 40, 40)
    return np.clip(image + rng.normal(0, 2, image.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("wanted", [(1, 1), (60, 60), (128, 128), (240, 320), (241, 320)])
@pytest.mark.parametrize("full", SIZES)
def test_it_is_as_large_as_wanted_or_as_recorded(
    full: tuple[int, int], wanted: tuple[int, int]
) -> None:
    height, width = decode_jpeg_at_least(encode_jpeg(scene(*full)), *wanted).shape[:2]
    assert height >= min(wanted[0], full[0])
    assert width >= min(wanted[1], full[1])


@pytest.mark.parametrize(
    ("wanted", "decoded"),
    [
        ((128, 128), (240, 320)),
        ((120, 160), (120, 160)),
        ((121, 160), (240, 320)),
        ((50, 161), (240, 320)),
        ((60, 80), (60, 80)),
        ((256, 256), (480, 640)),
        ((1, 1), (60, 80)),
    ],
)
def test_it_is_halved_as_often_as_it_goes(
    wanted: tuple[int, int], decoded: tuple[int, int]
) -> None:
    assert decode_jpeg_at_least(encode_jpeg(scene(480, 640)), *wanted).shape[:2] == decoded


@pytest.mark.parametrize("full", SIZES)
def test_at_full_size_it_is_the_image_itself(full: tuple[int, int]) -> None:
    jpeg = encode_jpeg(scene(*full))
    np.testing.assert_array_equal(decode_jpeg_at_least(jpeg, *full), decode_jpeg(jpeg))
    np.testing.assert_array_equal(decode_jpeg_at_least(jpeg, 9999, 9999), decode_jpeg(jpeg))


@pytest.mark.parametrize("full", [(480, 640), (720, 1280)])
@pytest.mark.parametrize("side", [64, 96, 128, 224])
def test_shrunk_to_the_wanted_size_it_is_close_to_the_full_image_shrunk(
    full: tuple[int, int], side: int
) -> None:
    jpeg = encode_jpeg(scene(*full))
    apart = np.abs(
        _shrunk(decode_jpeg_at_least(jpeg, side, side), side) - _shrunk(decode_jpeg(jpeg), side)
    )
    assert apart.mean() < 1.0
    assert np.percentile(apart, 99) < 6.0


def _shrunk(image: Image, side: int) -> np.ndarray:
    return cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA).astype(float)


def test_neither_darker_nor_moved() -> None:
    image = np.full((480, 640, 3), 128, np.uint8)
    image[101:222, 203:364] = (200, 40, 40)
    jpeg = encode_jpeg(image)
    small, full = decode_jpeg_at_least(jpeg, 60, 80), decode_jpeg(jpeg)
    assert small.mean((0, 1)) == pytest.approx(full.mean((0, 1)), abs=0.5)
    assert 8 * _middle_of_red(small) == pytest.approx(_middle_of_red(full), abs=0.2)


def _middle_of_red(image: Image) -> np.ndarray:
    """Row and column in pixels, weighted by how red a pixel is."""
    red = np.clip(image[..., 0].astype(float) - image[..., 1], 0, None)
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]] + 0.5
    return np.array([(red * rows).sum(), (red * columns).sum()]) / red.sum()


@pytest.mark.parametrize("cut", [0, 1, 100, -30])
def test_what_is_no_whole_jpeg_is_refused(cut: int) -> None:
    jpeg = encode_jpeg(scene(48, 64))
    with pytest.raises(WrongRecord, match="JPEG"):
        decode_jpeg_at_least(jpeg[:cut], 8, 8)


def test_a_take_gives_images_of_the_wanted_size(recording, number_shown) -> None:
    with Take.open(Path(recording.take(8))) as take:
        small = take.image_at_least("front", 5, 12, 16)
        assert small.shape == (12, 16, 3)
        assert number_shown(small) == 5
        np.testing.assert_array_equal(
            take.image_at_least("wrist", 3, 24, 32), take.image("wrist", 3)
        )
        with pytest.raises(IndexError):
            take.image_at_least("front", 8, 12, 16)
