"""Growth is told as it is: by turns, in per cent of what is held, whatever one turn does."""

import random

import pytest
from soak import TURNS_AN_HOUR, growth


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
