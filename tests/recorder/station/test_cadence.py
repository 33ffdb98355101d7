"""What a late tick had to wait for."""

import time

from teachloop.recorder.station.cadence import ELSEWHERE, Cadence
from teachloop.recorder.station.clock import Tick
from teachloop.recorder.station.health import Health

MS = 1_000_000


def late_by(ms: float, number: int = 0) -> Tick:
    return Tick(number, number * 50 * MS, round(ms * MS), 0)


def test_the_step_that_took_as_long_is_the_cause() -> None:
    cadence = Cadence()
    quick, slow = (cadence.timed(name, time.sleep) for name in ("quick", "slow"))
    quick(0.002)
    slow(0.02)
    assert cadence.cause(late_by(15)) == "slow"
    quick(0.002)
    assert cadence.cause(late_by(15)) == ELSEWHERE, "no step took that long: the loop had to wait"
    assert cadence.cause(late_by(15)) == ELSEWHERE


def test_many_short_turns_of_a_step_count_together() -> None:
    cadence = Cadence()
    answer = cadence.timed("commands", time.sleep)
    for _ in range(10):
        answer(0.002)
    cadence.timed("status", time.sleep)(0.005)
    assert cadence.cause(late_by(15)) == "commands"


def test_what_fails_counts_too_and_what_comes_back_is_passed_on() -> None:
    cadence = Cadence()
    assert cadence.timed("adding", lambda one, *, more: one + more)(1, more=2) == 3
    try:
        cadence.timed("failing", lambda: time.sleep(0.01) or 1 / 0)()
    except ZeroDivisionError:
        assert cadence.cause(late_by(8)) == "failing"


def test_the_page_is_told_what_most_waited_for_and_the_take_of_all() -> None:
    health = Health(20.0)
    for number, cause in enumerate(("commands", "memory", "commands")):
        health.watch_tick(late_by(9, number), cause)
    health.watch_tick(late_by(0.1, 3), "status")  # in time
    assert health.summary(0).late_by == "commands"
    assert health.of_take().late_by == {"commands": 2, "memory": 1}
    assert health.summary(20_000 * MS).late_by == ""
    health.restart()
    assert health.of_take().late_by == {}


def test_a_take_of_a_part_is_told_of_that_part_alone() -> None:
    health = Health(20.0)
    for number in range(10):
        health.watch_tick(late_by(9.0 if number < 5 else 0.1, number), "memory")
    found = health.of_take(began_ns=5 * 50 * MS)
    assert (found.ticks, found.late, found.late_by) == (5, 0, {})
    assert (health.of_take().ticks, health.of_take().late) == (10, 5)
