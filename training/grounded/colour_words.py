"""Words that a policy was never told, read as words that it was: colours, by their hue.

Hues are those that people gave the names of colours in a survey (Munroe 2010, which matplotlib
brings along), compared in CIELAB. Of things no such table is known that helps: see the decision on
the grounded policy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

import cv2
import numpy as np

from .config import Vocabulary
from .word_tower import find_words, split_words

BASIC = frozenset(
    {"black", "white", "grey", "gray", "red", "green", "yellow", "blue", "brown"}
    | {"orange", "pink", "purple"}
)
"""Of English (Berlin and Kay 1969): none of them is another one."""
FARTHEST_DEG = 35.0  # of hue, between two words for one colour
PALEST = 25.0  # chroma below which nobody would speak of a hue


@dataclass(frozen=True, slots=True)
class Read:
    """An instruction, as a policy reads it."""

    text: str
    read_as: Mapping[str, str] = field(default_factory=dict)
    """Each word that was exchanged, and for which."""

    @property
    def exchanged(self) -> str:
        """In words, such as *crimson as red*; empty where nothing was."""
        return ", ".join(f"{word} as {other}" for word, other in self.read_as.items())


def vocabulary_of(texts: Iterable[str], names: Iterable[str]) -> Vocabulary:
    """Of who was told these texts, about things of these names."""
    called = sorted(set(names))
    words = {word for text in (*texts, *called) for word in split_words(text)}
    return Vocabulary(words=tuple(sorted(words)), names=tuple(called))


def read(text: str, vocabulary: Vocabulary) -> Read:
    """Colours before a thing that nobody spoke of, as the nearest ones that were."""
    known = _Known.of(vocabulary)
    found = find_words(text)
    exchanged, parts, at = {}, [], 0
    for word, behind in zip_longest(found, found[1:]):
        said = word[0].lower()
        colour = known.colour(said) if behind and known.may_be_a_thing(behind[0]) else None
        if colour is not None:
            exchanged[said] = colour
            parts += [text[at : word.start()], colour]
            at = word.end()
    return Read("".join([*parts, text[at:]]), exchanged)


class _Known(NamedTuple):
    """A vocabulary, by what its words say."""

    words: frozenset[str]
    things: frozenset[str]  # the last words of names
    looks: frozenset[str]  # those before them

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "_Known":
        called = [words for words in map(split_words, vocabulary.names) if words]
        looks = (word for words in called for word in words[:-1])
        things = (words[-1] for words in called)
        return cls(frozenset(vocabulary.words), frozenset(things), frozenset(looks))

    def may_be_a_thing(self, word: str) -> bool:
        """*apple* in *the apple in the bowl* is no colour."""
        word = word.lower()
        return word.isalpha() and (word in self.things or word not in self.words)

    def colour(self, word: str) -> str | None:
        """The nearest one that was told; None of a word that was, or that is no colour."""
        hue = None if word in self.words | BASIC else _hue_deg(word)
        if hue is None:
            return None
        told = {each: _hue_deg(each) for each in sorted(self.looks)}
        apart = {each: _apart_deg(hue, own) for each, own in told.items() if own is not None}
        nearest = min(apart, key=apart.__getitem__, default="")
        return nearest if apart.get(nearest, np.inf) <= FARTHEST_DEG else None


def _apart_deg(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)


@cache
def _hue_deg(word: str) -> float | None:
    """None of what is no colour, or hardly one."""
    from matplotlib.colors import is_color_like, to_rgb  # a quarter of a second

    named = f"xkcd:{word}"
    if not is_color_like(named):
        return None
    rgb = np.array([[to_rgb(named)]], np.float32)
    a, b = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)[0, 0, 1:]
    return float(np.degrees(np.arctan2(b, a))) if np.hypot(a, b) >= PALEST else None
