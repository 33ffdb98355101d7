"""A sentence in a mirror."""

import pytest

from teachloop.training.data.side_words import mirrored, tells_side

MIRRORED = [
    ("push the red cube to the left", "push the red cube to the right"),
    ("Right of it, then left", "Left of it, then right"),
    ("turn the knob clockwise", "turn the knob counterclockwise"),
    ("schiebe den Würfel nach links", "schiebe den Würfel nach rechts"),
    ("pousse le cube à droite", "pousse le cube à gauche"),
    ("把方块推到左边", "把方块推到右边"),
    ("큐브를 왼쪽으로 밀어", "큐브를 오른쪽으로 밀어"),
]


@pytest.mark.parametrize(("said", "wanted"), MIRRORED)
def test_sides_change_places_and_back(said: str, wanted: str) -> None:
    assert tells_side(said)
    assert mirrored(said) == wanted
    assert mirrored(wanted) == said


@pytest.mark.parametrize("said", ["pick up the upright cup", "put it on the leftover pile", ""])
def test_what_tells_no_side_stays_as_it_is(said: str) -> None:
    assert not tells_side(said)
    assert mirrored(said) == said
