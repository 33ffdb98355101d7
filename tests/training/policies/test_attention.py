"""Where a policy looks, as it is shown."""

import numpy as np
import pytest

from teachloop.training.policies.attention import brightness


@pytest.mark.parametrize("cells", [1, 4, 30])
def test_a_thing_that_is_surely_seen_is_bright_however_large(cells: int) -> None:
    grid = np.zeros((8, 8), np.float32)
    grid.flat[:cells] = 0.9 / cells
    shown = brightness(grid)
    assert shown.max() == pytest.approx(0.9, abs=1e-5)
    assert np.count_nonzero(shown) == cells


def test_what_is_hardly_seen_is_faint() -> None:
    assert brightness(np.full((8, 8), 0.02 / 64, np.float32)).max() == pytest.approx(0.02, abs=1e-5)
    assert brightness(np.zeros((8, 8), np.float32)).max() == 0
