"""A wording is proposed only where it says what the instruction says."""

import pytest

from teachloop.labeler.paraphrasing.interface import Called, Wordings
from teachloop.labeler.paraphrasing.meaning import keeps_meaning

OBJECTS: Called = (("red cube", "crimson block"), ("blue bowl", "dish"), ("cup", "mug"))


def keeps(instruction: str, text: str, called: Called = OBJECTS) -> bool:
    return keeps_meaning(Wordings(instruction=instruction, called=called), text)


@pytest.mark.parametrize(
    ("instruction", "text"),
    [
        ("pick up the red cube", "Please pick the crimson block up."),
        ("pick up the red cube", "could you grab the red cube?"),
        ("pick up the red cube", "grab the red cube and lift it"),
        ("please pick up the red cube", "lift red cube"),
        ("put the red cube in the blue bowl", "into the dish, place the red cube"),
        ("put the red cube in the blue bowl", "pick up the red cube and put it in the dish"),
        ("put the red cube in the blue bowl", "set the crimson block down inside the blue bowl"),
        ("stack the red cube on the cup", "put the red cube on top of the mug"),
        ("push the cup left", "slide the mug to the left"),
        ("push the cup to the left", "push the cup left, please"),
        ("turn on the lamp", "switch the lamp on"),
        ("do not push the cup", "don't push the mug, please"),
        ("stack two cubes", "stack 2 cubes"),
        ("open the drawer and put the cup in it", "open up the drawer and place the mug in it"),
        ("push the green button", "press the green button"),
        ("den Würfel nehmen", "Den Würfel nehmen!"),
    ],
)
def test_what_says_the_same_is_kept(instruction: str, text: str) -> None:
    assert keeps(instruction, text)


@pytest.mark.parametrize(
    ("instruction", "text"),
    [
        ("pick up the red cube", "pick up the cube"),
        ("pick up the red cube", "pick up the blue bowl"),
        ("pick up the red cube", "pick up the green cube"),
        ("pick up the red cube", "push the red cube"),
        ("pick up the red cube", "put down the red cube"),
        ("pick up the red cube", "do not pick up the red cube"),
        ("pick up the red cube", "never pick up the red cube"),
        ("pick up the red cube", "pick up the red cube and the cup"),
        ("pick up the red cube", "pick up the red cube quickly"),
        ("pick up the red cube", "pick up two red cubes"),
        ("pick up the red cube", "pick up the red cube on the left"),
        ("pick up the red cube", "red cube"),
        ("pick up the red cube", ""),
        ("put the red cube in the blue bowl", "put the blue bowl in the red cube"),
        ("put the red cube in the blue bowl", "put the red cube on the blue bowl"),
        ("put the red cube in the blue bowl", "put the red cube beside the dish"),
        ("put the red cube in the blue bowl", "put the red cube"),
        ("put the red cube in the blue bowl", "push the red cube and put it in the dish"),
        ("put the green ball in the white box", "put the white ball in the green box"),
        ("put the green ball in the white box", "put the green box in the white ball"),
        ("put the green ball in the white box", "put the white box in the green ball"),
        ("push the cup left", "push the cup right"),
        ("push the cup to the left", "push the cup to the right"),
        ("push the cup to the left", "push the left cup"),
        ("push the cup to the left of the dish", "push the cup to the left"),
        ("pick up the left cup", "pick up the cup left of the dish"),
        ("do not push the cup", "push the cup"),
        ("don't push the cup", "do push the cup"),
        ("stack two cubes", "stack three cubes"),
        ("open the drawer", "close the drawer"),
        ("turn on the lamp", "turn off the lamp"),
        ("turn the lamp on", "switch the lamp off"),
        ("open the drawer and close the box", "close the drawer and open the box"),
        ("open the drawer, then push the cup", "push the cup, then open the drawer"),
        ("push the cup but not the red cube", "push the red cube but not the cup"),
        ("push the green button", "shove the green button"),
        ("push the cup", "press the cup"),
        ("take the lid off the pot", "take the lid out of the pot"),
        ("nimm den roten Würfel", "nimm den blauen Würfel"),
    ],
)
def test_what_says_something_else_is_not(instruction: str, text: str) -> None:
    assert not keeps(instruction, text)


def test_the_longer_name_counts_where_two_objects_share_a_word() -> None:
    called = (("red cup",), ("cup", "mug"))
    assert not keeps("pick up the red cup", "pick up the red mug", called)
    assert keeps("put the red cup on the cup", "put the red cup on the mug", called)


def test_a_name_may_have_many_words() -> None:
    called = (("small cup with a long handle on top", "mug"),)
    assert keeps("lift the small cup with a long handle on top", "raise the mug", called)
