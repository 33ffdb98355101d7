"""Tests and intervals against other ways to the same figures."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachloop.training.trials.statistics import bootstrap_mean, mcnemar_exact

scores = st.floats(0, 1)


@given(st.integers(0, 6), st.integers(0, 6))
def test_mcnemar_counts_the_outcomes_that_are_as_far_from_even(first: int, second: int) -> None:
    differing = first + second
    outcomes = [sum(each) for each in product((0, 1), repeat=differing)]
    as_far = [abs(2 * each - differing) >= abs(first - second) for each in outcomes]
    assert mcnemar_exact(first, second) == pytest.approx(sum(as_far) / len(outcomes))


def test_mcnemar_of_many_pairs_is_near_its_approximation() -> None:
    first, second = 430, 370
    chi = (abs(first - second) - 1) / math.sqrt(first + second)  # Edwards' correction
    assert mcnemar_exact(first, second) == pytest.approx(math.erfc(chi / math.sqrt(2)), abs=1e-3)


@given(st.lists(st.lists(scores, min_size=1, max_size=3), min_size=2, max_size=8))
def test_an_interval_lies_within_what_was_seen_and_holds_its_middle(
    groups: list[list[float]],
) -> None:
    low, high = bootstrap_mean(groups)
    seen = [score for group in groups for score in group]
    slack = 1e-9
    assert min(seen) - slack <= low <= high <= max(seen) + slack


@pytest.mark.parametrize("groups", [[], [[0.5, 1.0]], [[], [1.0]]])
def test_of_fewer_than_two_scenes_nothing_is_known(groups: list[list[float]]) -> None:
    assert bootstrap_mean(groups) == (-math.inf, math.inf)


def test_many_scenes_give_nearly_the_interval_of_the_normal_distribution() -> None:
    groups = [[float(n % 2)] for n in range(400)]
    low, high = bootstrap_mean(groups)
    spread = 1.96 * 0.5 / math.sqrt(400)
    assert (low, high) == pytest.approx((0.5 - spread, 0.5 + spread), abs=0.005)


def test_values_of_one_scene_count_as_one() -> None:
    apart = bootstrap_mean([[float(n % 2)] for n in range(20)])
    together = bootstrap_mean([[float(n % 2)] * 10 for n in range(20)])
    assert together == pytest.approx(apart)
