"""Each frame is followed from the nearest keyframe, and where two legs meet they are compared."""

import numpy as np
import pytest

from teachloop.labeler.propagation.interface import Found
from teachloop.labeler.propagation.sam2.legs import Leg, legs_between, merged, nearest


def followed(keyframes: list[int], count: int) -> dict[int, list[int]]:
    """Frame -> the keyframes that it is followed from."""
    come: dict[int, list[int]] = {}
    for leg in legs_between(keyframes, count):
        for index in leg.frames:
            come.setdefault(index, []).append(leg.start)
    return come


def test_from_one_keyframe_both_ways_to_the_ends() -> None:
    assert legs_between([4], 10) == [Leg(4, 0), Leg(4, 9)]
    assert list(Leg(4, 0).frames) == [3, 2, 1, 0]
    assert list(Leg(4, 9).frames) == [5, 6, 7, 8, 9]
    assert legs_between([0], 3) == [Leg(0, 2)]
    assert legs_between([0], 1) == []


def test_between_two_keyframes_the_frame_in_the_middle_is_reached_from_both() -> None:
    come = followed([2, 8], 12)
    assert come == {
        **{0: [2], 1: [2], 3: [2], 4: [2], 5: [2, 8], 6: [8], 7: [8]},
        **{9: [8], 10: [8], 11: [8]},
    }
    assert followed([0, 2], 3) == {1: [0, 2]}


@pytest.mark.parametrize("seed", range(20))
def test_every_frame_is_followed_and_no_keyframe_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 60))
    keyframes = rng.choice(count, int(rng.integers(1, count + 1)), replace=False).tolist()
    come = followed(keyframes, count)
    assert come.keys() == set(range(count)) - set(keyframes)
    for index, starts in come.items():
        closest = min(abs(index - each) for each in keyframes)
        assert min(abs(index - each) for each in starts) == closest
        between = range(min(*starts, index) + 1, max(*starts, index))
        assert not set(between) & set(keyframes), "a keyframe is a barrier"


def test_the_nearest_keyframes_hold_the_start_and_what_lies_around() -> None:
    keyframes = [0, 10, 20, 30, 40, 100]
    assert set(nearest(keyframes, Leg(20, 25), 4)) == {10, 20, 30, 40}
    assert set(nearest(keyframes, Leg(0, 5), 2)) == {0, 10}
    assert nearest([7], Leg(7, 0), 4) == [7]


def mask(left: int) -> np.ndarray:
    shown = np.zeros((8, 40), bool)
    shown[:, left : left + 8] = True
    return shown


def test_where_legs_agree_they_are_as_sure_as_before() -> None:
    forward = {index: Found.of(mask(index), 0.8) for index in (1, 2, 3)}
    backward = {index: Found.of(mask(index), 0.9) for index in (5, 4, 3)}
    masks = merged({Leg(0, 3): forward, Leg(6, 3): backward})
    assert [masks[index].confidence for index in range(1, 6)] == [0.8, 0.8, 0.9, 0.9, 0.9]


def test_where_they_do_not_they_are_the_less_sure_the_farther_from_their_keyframe() -> None:
    forward = {index: Found.of(mask(0), 0.8) for index in (1, 2, 3)}
    backward = {index: Found.of(mask(4), 0.9) for index in (5, 4, 3)}
    masks = merged({Leg(0, 3): forward, Leg(6, 3): backward})
    agreed = 4 / 12
    confidences = [masks[index].confidence for index in range(1, 6)]
    doubt = [(1 - agreed) * share for share in (1 / 3, 2 / 3, 1, 2 / 3, 1 / 3)]
    sure = [0.8, 0.8, 0.9, 0.9, 0.9]
    assert confidences == pytest.approx([s * (1 - d) for s, d in zip(sure, doubt, strict=True)])
    assert np.array_equal(masks[3].mask, mask(4)), "the surer one"


def test_a_leg_that_meets_none_is_as_sure_as_it_was() -> None:
    masks = merged({Leg(2, 0): {1: Found.of(mask(0), 0.7), 0: Found.of(mask(3), 0.6)}})
    assert [masks[index].confidence for index in (0, 1)] == [0.6, 0.7]
