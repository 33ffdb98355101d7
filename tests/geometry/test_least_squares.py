"""A curve is fitted, also where some of its points are nowhere near it."""

import numpy as np
import pytest

from teachloop.geometry.least_squares import fit
from teachloop.geometry.rotations import Array

X = np.linspace(0, 2, 60)
TRUE = np.array([1.5, -0.7])


def curve(unknown: Array) -> Array:
    return unknown[0] * np.exp(unknown[1] * X)


@pytest.mark.parametrize("start", [(1.0, 0.0), (3.0, -2.0)])
def test_an_exponential_is_found(start: tuple[float, float]) -> None:
    found = fit(lambda unknown: (curve(unknown) - curve(TRUE))[:, None], np.array(start), 1.0)
    assert found == pytest.approx(TRUE, abs=1e-6)


def test_gross_errors_pull_no_harder_than_the_soft_ones() -> None:
    seen = curve(TRUE)
    seen[::10] += 50.0
    found = fit(lambda unknown: (curve(unknown) - seen)[:, None], np.array([1.0, 0.0]), 1e-3)
    assert found == pytest.approx(TRUE, abs=1e-3)
