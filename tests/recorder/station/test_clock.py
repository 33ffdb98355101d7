import time

from hypothesis import given
from hypothesis import strategies as st

from teachloop.recorder.station.clock import Schedule, sleep_until

PERIOD_NS = 50_000_000


@given(st.lists(st.integers(0, 4 * PERIOD_NS), min_size=1, max_size=60))
def test_ticks_never_drift_and_never_bunch(delays: list[int]) -> None:
    schedule = Schedule(20.0, start_ns=1_000)
    began = []
    now = 1_000
    for delay in delays:
        now = max(now, schedule.due_ns) + delay
        tick = schedule.take(now)
        assert tick.due_ns == 1_000 + tick.number * PERIOD_NS
        assert 0 <= tick.late_ns < PERIOD_NS
        assert tick.due_ns + tick.late_ns == now
        began.append(tick)
    numbers = [tick.number for tick in began]
    assert numbers == sorted(set(numbers))
    assert sum(tick.skipped for tick in began) == numbers[-1] + 1 - len(numbers)


def test_a_missed_tick_is_counted_and_not_made_up_for() -> None:
    schedule = Schedule(20.0, start_ns=0)
    assert schedule.take(0).number == 0
    late = schedule.take(3 * PERIOD_NS + 7)
    assert (late.number, late.skipped, late.late_ns) == (3, 2, 7)
    assert schedule.due_ns == 4 * PERIOD_NS


def test_sleeping_never_ends_early() -> None:
    for wait_ns in (0, 100_000, 3_000_000):
        due_ns = time.monotonic_ns() + wait_ns
        assert sleep_until(due_ns) >= due_ns
