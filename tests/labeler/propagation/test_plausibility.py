"""A mask that hops, bursts or fills the image is doubted."""

import numpy as np
import pytest

from teachloop.labeler.propagation.plausibility import plausibility
from teachloop.labeler.segmenters.interface import Mask


def box(left: int, width: int = 10, height: int = 10) -> Mask:
    mask = np.zeros((60, 100), bool)
    mask[20 : 20 + height, left : left + width] = True
    return mask


def test_what_moves_and_grows_a_little_is_believed() -> None:
    assert plausibility(box(20), box(20)) == 1.0
    assert plausibility(box(28), box(20)) == 1.0
    assert plausibility(box(20, 12), box(20)) == 1.0
    assert plausibility(box(20, 10, 8), box(20)) == 1.0


def test_the_farther_it_hops_the_less_it_is_believed() -> None:
    assert plausibility(box(50), box(20)) == pytest.approx(1 / 3)
    assert plausibility(box(80), box(20)) == pytest.approx(1 / 6)


def test_the_more_its_area_changes_the_less_it_is_believed() -> None:
    assert plausibility(box(20, 10, 30), box(20)) == pytest.approx(0.5)
    assert plausibility(box(20), box(20, 10, 30)) == pytest.approx(0.5)


def test_one_that_comes_to_fill_the_image_is_hardly_believed() -> None:
    full, nearly = np.ones((60, 100), bool), np.ones((60, 100), bool)
    nearly[:8] = False
    assert plausibility(full, nearly) < 0.5
    assert plausibility(full, full) == 1.0, "somebody said so"


def test_what_vanishes_or_comes_back_may_be_anywhere() -> None:
    nothing = np.zeros((60, 100), bool)
    assert plausibility(nothing, box(20)) == 1.0
    assert plausibility(box(80), nothing) == 1.0
