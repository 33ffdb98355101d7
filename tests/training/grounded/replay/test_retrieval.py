"""The nearest demonstration is found by what was said, and then by where the object was."""

from dataclasses import replace

import numpy as np
import pytest

from teachloop.training.grounded.replay.demonstration import Demonstration
from teachloop.training.grounded.replay.retrieval import (
    Retrieval,
    explained,
    likeness,
    telling_words,
)

HERE = np.array([0.5, 0.0, 0.025])


def shown(text: str, *names: str, y: float = 0.0, also: tuple[str, ...] = ()) -> Demonstration:
    pose = np.eye(4)
    return Demonstration(
        said=(text, *also), names=names, target=np.add(HERE, (0, y, 0)), destination=None,
        start=pose, poses=pose[None], grippers=None,
    )  # fmt: skip


LEFT = shown("push the blue ball to the left", "blue ball")
RIGHT = shown("push the red cube to the right", "red cube")
LIFT = shown("pick up the red cube", "red cube")
ONTO = shown("pick up the red cube and put it on the tray", "red cube", "tray")
ALL = (LEFT, RIGHT, LIFT, ONTO)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("push the red cube to the left", LEFT),
        ("push the blue ball to the right", RIGHT),
        ("Pick up the green cylinder.", LIFT),
        ("pick up the green cylinder and put it on the plate", ONTO),
    ],
)
def test_what_is_to_be_done_decides_and_not_what_things_are_called(
    asked: str, wanted: Demonstration
) -> None:
    assert Retrieval(ALL).nearest(asked, HERE) is wanted


def test_of_several_that_did_the_same_the_nearest_is_taken() -> None:
    far, near = (shown("push the red cube", "red cube", y=y) for y in (0.2, -0.1))
    assert Retrieval([far, near]).nearest("push the blue ball", HERE) is near


def test_any_way_that_it_was_said_counts() -> None:
    otherwise = shown("push the cup away", "cup", also=("get rid of the cup",))
    assert Retrieval([LEFT, otherwise]).nearest("get rid of the bottle", HERE) is otherwise


def test_more_words_alike_are_more() -> None:
    assert likeness("push the cube left", "push the red ball right", ["red ball"]) < 0.7
    assert likeness("a b c d", "a b c", []) > likeness("a b c d", "a b", []) > 1


def going(text: str, metres: float) -> Demonstration:
    """To the left or to the right, in ten ticks."""
    poses = np.tile(np.eye(4), (10, 1, 1))
    poses[:, :3, 3] = HERE + np.linspace(0, 1, 10)[:, None] * (0, metres, 0)
    return replace(shown(text, "cube"), poses=poses)


EITHER_WAY = [
    going(f"{verb} the cube to the {side}", sign * length)
    for verb, length in (("push", 0.10), ("shove", 0.11), ("slide", 0.09))
    for side, sign in (("left", 1), ("right", -1))
]


def test_words_that_part_the_ways_are_told_from_those_that_do_not() -> None:
    telling = telling_words(EITHER_WAY)
    assert telling.keys() == {"left", "right"}
    assert min(telling.values()) > 0.9


def test_which_way_it_goes_counts_more_than_all_other_words() -> None:
    only_right = [going("push the cube to the right", -0.1), *EITHER_WAY[2:]]
    found = Retrieval(only_right).nearest("push the cube to the left", HERE)
    assert found.said == ("shove the cube to the left",)


def test_too_few_tell_nothing() -> None:
    assert telling_words(EITHER_WAY[:3]) == {}


def test_omega_squared_of_two_groups() -> None:
    """Two groups of two: 16 of 20 lie between them, 4 within; with two degrees of freedom left,
    (16 - 2) / (20 + 2)."""
    ways = np.array([[0.0], [2.0], [4.0], [6.0]])
    assert explained(ways, np.array([True, True, False, False])) == pytest.approx(14 / 22)
    assert explained(ways, np.array([True, False, False, True])) == 0
    assert explained(ways, np.ones(4, np.bool_)) == 0
