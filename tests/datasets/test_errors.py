import pickle
from pathlib import Path

import pytest

from teachloop.datasets.errors import DiskFull, StaleRevision, TakeDamaged
from teachloop.runtime.errors import TeachloopError


@pytest.mark.parametrize(
    "error",
    [
        TakeDamaged(Path("takes/1"), "its frames cannot be read"),
        DiskFull(Path("takes"), 1 << 20, 2 << 30),
        StaleRevision(base=3, current=5),
        TeachloopError("plain"),
    ],
)
def test_an_error_of_a_worker_says_the_same_where_it_arrives(error: TeachloopError) -> None:
    arrived = pickle.loads(pickle.dumps(error))
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert vars(arrived) == vars(error)
