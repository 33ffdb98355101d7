"""Which takes are kept out of training."""

import pytest

from teachloop.training.data.held_out import held_out


def ids(count: int) -> list[str]:
    return [f"20261122-154312-{number:04d}" for number in range(count)]


@pytest.mark.parametrize(
    ("takes", "share", "count"),
    [
        (4, 0.5, 0), (5, 0.1, 1), (5, 0.5, 2), (20, 0.1, 2), (40, 0.2, 8), (300, 0.0, 0),
        (29, None, 0), (30, None, 3), (200, None, 20),
    ],
)  # fmt: skip
def test_as_many_as_are_asked_for_and_a_tenth_of_many(
    takes: int, share: float | None, count: int
) -> None:
    assert len(held_out(ids(takes), share)) == count
    assert set(held_out(ids(takes), share)) <= set(ids(takes))


def test_the_order_of_the_takes_changes_nothing() -> None:
    assert held_out(ids(40)[::-1], 0.2) == held_out(ids(40), 0.2)


def test_most_stay_held_out_when_takes_are_added() -> None:
    before, after = set(held_out(ids(40), 0.2)), set(held_out(ids(50), 0.2))
    assert len(before & after) >= 5


def test_they_are_not_the_first_or_the_last_that_were_recorded() -> None:
    places = [ids(100).index(each) for each in held_out(ids(100), 0.2)]
    assert min(places) < 25
    assert max(places) > 75
    assert sorted(places) not in (list(range(20)), list(range(80, 100)))
