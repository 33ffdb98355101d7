"""What may be asked about the things on a table: sentences that name one of them, or two.

Verbs and names are the base's own, and now and then words that do not exist. So a strange verb
says nothing of what is meant, and a strange name means the thing that has no other.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...simulation.objects import SHAPES
from ...simulation.tasks import Task, phrasings
from ...simulation.unnamed import is_unnamed
from .made_up import made_up_word

TWO = 0.6  # of the sentences name a second thing
STRANGE_VERB = 0.3
SHORT = 0.16  # name the colour alone or the shape alone, where that is enough
KNOWN_WORDS = frozenset(SHAPES)
_ONE_THING = ("{v} the {x}", "{v} the {x} {w}", "please {v} the {x} to the {w}",
              "{v} the {x} over to the {w}")  # fmt: skip
_TWO_THINGS = ("{v} the {x} {w} the {y}", "{v} the {x} to the {y}")
_ANYTHING = ("one", "thing", "object")


class Question(NamedTuple):
    """A sentence, and which of the things it means."""

    text: str
    target: int
    destination: int | None


def ask(names: Sequence[str], rng: np.random.Generator) -> Question | None:
    """A sentence about things of these names, each a colour and a shape; None where each of them
    could be mistaken for another."""
    clear = [place for place in range(len(names)) if _is_clear(place, names)]
    if not clear:
        return None
    target = int(rng.choice(clear))
    others = [place for place in clear if place != target]
    second = int(rng.choice(others)) if others and rng.random() < TWO else None
    x = _named(target, names, rng)
    y = "" if second is None else _named(second, names, rng)
    if rng.random() < STRANGE_VERB:
        return Question(_strange(x, y, rng), target, second)
    landing = "" if second is None else names[second].split()[1]
    return Question(_usual(x, y, landing, rng), target, second)


def _is_clear(place: int, names: Sequence[str]) -> bool:
    """Two things of one colour that both have no name cannot be told apart by one."""
    color, shape = names[place].split()
    alike = [name for name in names if name.split()[0] == color and is_unnamed(name.split()[1])]
    return not is_unnamed(shape) or len(alike) == 1


def _named(place: int, names: Sequence[str], rng: np.random.Generator) -> str:
    color, shape = names[place].split()
    said = f"{color} {made_up_word(rng, KNOWN_WORDS)}" if is_unnamed(shape) else names[place]
    colors, shapes = zip(*(name.split() for name in names), strict=True)
    if rng.random() > SHORT:
        return said
    if rng.random() < 0.5:
        return f"{color} {rng.choice(_ANYTHING)}" if colors.count(color) == 1 else said
    return shape if shapes.count(shape) == 1 and not is_unnamed(shape) else said


def _strange(x: str, y: str, rng: np.random.Generator) -> str:
    """With a verb that does not exist."""
    verb, word = (made_up_word(rng, KNOWN_WORDS) for _ in range(2))
    return str(rng.choice(_TWO_THINGS if y else _ONE_THING)).format(v=verb, w=word, x=x, y=y)


def _usual(x: str, y: str, landing: str, rng: np.random.Generator) -> str:
    if not y:
        return str(rng.choice(phrasings(Task("pick", x))))
    known = landing in SHAPES and SHAPES[landing].preposition
    task = Task("put", x, f"{_STAND_IN} {landing}") if known else Task("stack", x, _STACKED)
    return str(rng.choice(phrasings(task))).replace(task.destination or "", y)


_STAND_IN = "@"
_STACKED = f"{_STAND_IN} cube"
