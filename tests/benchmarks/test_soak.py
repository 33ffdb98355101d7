"""Growth is told as it is: by turns, in per cent of what is held, whatever one turn does."""

import random

import pytest
from day.sampling import Held, Sample
from soak import TURNS_AN_HOUR, growth, left


def test_what_stays_does_not_grow() -> None:
    assert growth([100.0] * 20)["percent_an_hour"] == 0.0


def test_a_leak_of_a_thousandth_a_turn_is_told_by_the_hour() -> None:
    series = [1000.0 + turn for turn in range(-10, 11)]
    assert growth(series)["percent_an_hour"] == pytest.approx(0.1 * TURNS_AN_HOUR)


def test_one_peak_is_no_leak() -> None:
    series = [100.0] * 30
    series[20] = 180.0
    assert growth(series)["percent_an_hour"] == 0.0


def test_the_interval_holds_the_leak_beneath_the_noise() -> None:
    chance = random.Random(4)
    told = growth([200.0 + 0.02 * turn + chance.gauss(0.0, 0.3) for turn in range(60)])
    assert told["from"] < 100 * TURNS_AN_HOUR * 0.02 / 200.6 < told["to"]


def threads_of_web(*counts: int) -> list[Sample]:
    """A sample for each of these counts."""
    held = [Held(1, 100.0, 60, count, 5, 1) for count in counts]
    return [Sample(float(at), {"web": each}, 0) for at, each in enumerate(held)]


@pytest.mark.parametrize(
    ("counts", "more"),
    [
        ((10, 11, 10, 12, 10, 11, 10), 0),  # what is open for a moment is no leak
        ((10, 10, 10, 11, 11, 12, 11), 1),
        ((12, 11, 11, 11, 10, 10, 10), -1),
    ],
)
def test_what_stays_more_is_told(counts: tuple[int, ...], more: int) -> None:
    assert left(threads_of_web(*counts))["web"]["threads"] == more


def test_a_process_that_was_not_there_for_a_moment_has_no_more_than_before() -> None:
    samples = threads_of_web(10, 10, 10, 10, 10, 10)
    samples[1] = Sample(1.0, {}, 0)
    assert left(samples)["web"]["threads"] == 0
