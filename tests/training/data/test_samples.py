"""Samples as arrays."""

import numpy as np
import pytest

from teachloop.training.data.samples import Samples, evenly


@pytest.mark.parametrize("count", [1, 5, 24, 100])
def test_some_ticks_of_all_are_those_ticks(tiny_samples: Samples, count: int) -> None:
    some = evenly(tiny_samples, count)
    assert min(count, 24) <= len(some) <= min(count + 2, 24)
    same = (some.images[:, None] == tiny_samples.images).all((2, 3, 4, 5))
    rows = same.argmax(1).tolist()
    assert rows == sorted(set(rows))
    np.testing.assert_array_equal(some.offsets, tiny_samples.offsets[rows])
    np.testing.assert_array_equal(some.episode, tiny_samples.episode[rows])


def test_each_tick_still_knows_how_its_run_began(tiny_samples: Samples) -> None:
    some = evenly(tiny_samples, 6)
    begun = tiny_samples.images[[0, 12]]
    np.testing.assert_array_equal(some.images[some.start], begun[some.episode])
