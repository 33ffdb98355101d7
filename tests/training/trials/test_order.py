"""The order of attempts: complete, balanced, and fixed by its seed."""

from collections import Counter
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from teachloop.training.trials.order import balanced_order, letter, lettered

sizes = {"scenes": st.integers(1, 12), "policies": st.integers(1, 5), "rounds": st.integers(1, 4)}
seeds = st.integers(0, 2**31 - 1)


@given(**sizes, seed=seeds)
def test_every_policy_is_tried_once_in_each_scene_and_round(
    scenes: int, policies: int, rounds: int, seed: int
) -> None:
    order = balanced_order(scenes, policies, rounds, seed)
    tried = Counter((slot.scene, slot.round, slot.policy) for slot in order)
    assert set(tried.values()) == {1}
    assert len(tried) == scenes * policies * rounds


@given(**sizes, seed=seeds)
def test_what_is_tried_on_one_scene_lies_together(
    scenes: int, policies: int, rounds: int, seed: int
) -> None:
    order = balanced_order(scenes, policies, rounds, seed)
    blocks = [list(block) for _, block in groupby(order, key=lambda s: (s.round, s.scene))]
    assert len(blocks) == scenes * rounds
    assert all(len(block) == policies for block in blocks)


@given(**sizes, seed=seeds)
def test_no_policy_comes_first_much_more_often_than_another(
    scenes: int, policies: int, rounds: int, seed: int
) -> None:
    order = balanced_order(scenes, policies, rounds, seed)
    for place in range(policies):
        there = Counter(slot.policy for slot in order[place::policies])
        counts = [there[policy] for policy in range(policies)]
        assert max(counts) - min(counts) <= 1


@given(**sizes, seed=seeds)
def test_the_same_seed_gives_the_same_order_and_letters(
    scenes: int, policies: int, rounds: int, seed: int
) -> None:
    first, second = (balanced_order(scenes, policies, rounds, seed) for _ in range(2))
    assert first == second
    names = [f"policy {n}" for n in range(policies)]
    assert lettered(names, seed) == lettered(names, seed)
    assert sorted(lettered(names, seed)) == names


def test_seeds_differ_in_who_is_a_and_in_who_begins() -> None:
    assert {lettered("xy", seed) for seed in range(20)} == {("x", "y"), ("y", "x")}
    assert {balanced_order(1, 2, 1, seed)[0].policy for seed in range(20)} == {0, 1}
    assert [letter(n) for n in range(3)] == ["A", "B", "C"]
