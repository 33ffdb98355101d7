"""The nearest demonstration is found by what was said, and then by where the object was."""

import numpy as np
import pytest

from teachloop.training.grounded.replay.demonstration import Demonstration
from teachloop.training.grounded.replay.retrieval import likeness, retrieve

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
    assert retrieve(asked, HERE, ALL) is wanted


def test_of_several_that_did_the_same_the_nearest_is_taken() -> None:
    far, near = (shown("push the red cube", "red cube", y=y) for y in (0.2, -0.1))
    assert retrieve("push the blue ball", HERE, [far, near]) is near


def test_any_way_that_it_was_said_counts() -> None:
    otherwise = shown("push the cup away", "cup", also=("get rid of the cup",))
    assert retrieve("get rid of the bottle", HERE, [LEFT, otherwise]) is otherwise


def test_likeness_is_told_as_a_share_and_in_words() -> None:
    assert likeness("push the cube left", "push the red ball right", ["red ball"]) == (2 / 3, 2)
