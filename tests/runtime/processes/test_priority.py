"""Who goes before whom on a busy processor."""

import os
import threading
from collections.abc import Callable, Iterator

import pytest

from teachloop.runtime.processes.priority import set_real_time, staying_ordinary


@pytest.fixture
def may() -> Iterator[None]:
    """Skips where nobody may be real-time; afterwards this thread is not."""
    if not hasattr(os, "sched_setscheduler"):
        pytest.skip("this system has no real-time threads")
    set_real_time(inherited=True)
    real_time = os.sched_getscheduler(0) != os.SCHED_OTHER
    ordinary()
    if not real_time:
        pytest.skip("real-time threads need the right to them")
    yield
    ordinary()


def ordinary() -> None:
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def in_a_thread(work: Callable[[], None]) -> tuple[threading.Thread, threading.Event]:
    """Does it, and stays until it is told to end."""
    begun, over = threading.Event(), threading.Event()

    def run() -> None:
        work()
        begun.set()
        over.wait()

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    return thread, over


def _real_time_until_it_fails() -> None:
    with staying_ordinary():
        set_real_time(inherited=True)
        raise ZeroDivisionError


@pytest.mark.usefixtures("may")
def test_what_becomes_real_time_within_is_ordinary_afterwards() -> None:
    """As the caller of an encoder, and the threads that it starts."""
    with staying_ordinary():
        set_real_time(inherited=True)
        thread, over = in_a_thread(lambda: None)
        assert os.sched_getscheduler(thread.native_id or 0) != os.SCHED_OTHER
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
    assert os.sched_getscheduler(thread.native_id or 0) == os.SCHED_OTHER
    over.set()
    thread.join()


@pytest.mark.usefixtures("may")
def test_who_was_real_time_before_stays_so_also_after_an_error() -> None:
    thread, over = in_a_thread(lambda: set_real_time(inherited=True))
    with pytest.raises(ZeroDivisionError):
        _real_time_until_it_fails()
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
    assert os.sched_getscheduler(thread.native_id or 0) != os.SCHED_OTHER
    over.set()
    thread.join()
