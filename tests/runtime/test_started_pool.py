import threading
import time

from teachloop.runtime.started_pool import started_pool

NAME = "of-a-test"


def alive() -> int:
    return sum(each.name.startswith(NAME) for each in threading.enumerate())


def test_its_threads_are_there_before_anything_is_asked_and_stay_as_many() -> None:
    with started_pool(5, NAME) as pool:
        assert alive() == 5
        assert list(pool.map(lambda number: time.sleep(0.001) or number, range(50))) == [*range(50)]
        assert alive() == 5
    assert alive() == 0
