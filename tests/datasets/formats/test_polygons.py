"""A polygon is the mask that it was made of, also where that has holes."""

import cv2
import numpy as np
import pytest

from teachloop.datasets.formats.polygons import as_polygon

SHAPE = (48, 64)


def part(seed: int) -> np.ndarray:
    """The largest part of smoothed noise: bays, holes, holes beside holes."""
    noise = np.random.default_rng(seed).random(SHAPE).astype(np.float32)
    inside = (cv2.GaussianBlur(noise, (0, 0), 1 + seed % 4) > 0.5).astype(np.uint8)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=8)
    return parts == 1 + int(stats[1:, 4].argmax())


def filled(polygon: np.ndarray) -> np.ndarray:
    drawn = np.zeros(SHAPE, np.uint8)
    cv2.fillPoly(drawn, [polygon], [1])
    return drawn.astype(bool)


@pytest.mark.parametrize("seed", range(24))
def test_filled_it_is_the_mask_again(seed: int) -> None:
    mask = part(seed)
    assert np.array_equal(filled(as_polygon(mask)), mask)


@pytest.mark.parametrize("height", [1, 2])
def test_the_smallest_mask_has_three_corners(height: int) -> None:
    mask = np.zeros(SHAPE, bool)
    mask[5 : 5 + height, 7] = True
    polygon = as_polygon(mask)
    assert len(polygon) >= 3
    assert np.array_equal(filled(polygon), mask)


def test_what_lies_straight_on_the_way_is_no_corner() -> None:
    mask = np.zeros(SHAPE, bool)
    mask[5:25, 7:37] = True
    assert len(as_polygon(mask)) == 4
