"""Masks survive COCO's run lengths; run lengths that do not fit are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as coco

from teachloop.datasets.labels.masks import Rle, WrongMask, area, decode, encode, iou

SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 40))


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # pycocotools' own
@settings(max_examples=60, deadline=None)
@given(arrays(np.bool_, SHAPES))
def test_mask_survives_and_is_what_coco_reads(mask: np.ndarray) -> None:
    rle = encode(mask)
    np.testing.assert_array_equal(decode(rle), mask)
    np.testing.assert_array_equal(coco.decode(rle.to_coco()), mask)
    assert area(rle) == mask.sum()


@settings(max_examples=60, deadline=None)
@given(arrays(np.bool_, (9, 11)), arrays(np.bool_, (9, 11)))
def test_iou_is_that_of_the_pixels(first: np.ndarray, second: np.ndarray) -> None:
    union = (first | second).sum()
    expected = (first & second).sum() / union if union else 1.0
    assert iou(encode(first), encode(second)) == pytest.approx(expected)


def test_large_runs_survive() -> None:
    mask = np.zeros((480, 640), bool)
    mask[100:300, 200:203] = True
    mask[400, 639] = True
    np.testing.assert_array_equal(decode(encode(mask)), mask)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30), SHAPES)
def test_any_text_is_a_mask_of_its_size_or_refused(counts: str, size: tuple[int, int]) -> None:
    try:
        mask = decode(Rle(*size, counts))
    except WrongMask:
        return
    assert mask.shape == size


@pytest.mark.parametrize("size", [(0, 5), (-1, 5), (10**9, 10**9)])
def test_hostile_size_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(WrongMask):
        decode(Rle(*size, "0"))


def test_only_images_have_masks() -> None:
    with pytest.raises(WrongMask, match="height, width"):
        encode(np.zeros((2, 3, 3)))
    with pytest.raises(WrongMask, match="two sizes"):
        iou(encode(np.ones((2, 2))), encode(np.ones((2, 3))))
