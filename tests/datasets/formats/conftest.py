"""Takes for the tests of all formats."""

from pathlib import Path

import pytest
from numbered_takes import NumberedTake, numbered_take


@pytest.fixture
def takes(tmp_path: Path) -> list[str]:
    """Three of 12 ticks, in ``tmp_path``; their ids."""
    return [
        numbered_take(tmp_path, name, NumberedTake(ticks=12, seed=seed))
        for seed, name in enumerate(("one", "two", "three"))
    ]
