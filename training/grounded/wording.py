"""Words that a policy was never told, read as words that it was: colours, by their hue.

Hues are those that people gave the names of colours in a survey (Munroe 2010, which matplotlib
brings along), compared in CIELAB. Of things no such table is known that helps: see the decision on
the grounded policy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest

import cv2
import numpy as np

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


@dataclass(frozen=True, slots=True)
class Wording:
    """What a policy was told."""

    words: frozenset[str] = frozenset()
    """Every word."""
    things: frozenset[str] = frozenset()
    """The last ones of things' names."""
    looks: frozenset[str] = frozenset()
    """Those before them."""

    @classmethod
    def of(cls, texts: Iterable[str], names: Iterable[str]) -> "Wording":
        """That was told these texts, about things of these names."""
        called = [words for words in map(split_words, names) if words]
        return cls(
            frozenset(word for words in (*called, *map(split_words, texts)) for word in words),
            frozenset(words[-1] for words in called),
            frozenset(word for words in called for word in words[:-1]),
        )

    def and_of(self, other: "Wording") -> "Wording":
        """Told both."""
        return Wording(
            self.words | other.words, self.things | other.things, self.looks | other.looks
        )

    def read(self, text: str) -> Read:
        """Colours before a thing that nobody spoke of, as the nearest ones that were."""
        found = find_words(text)
        exchanged, parts, at = {}, [], 0
        for word, behind in zip_longest(found, found[1:]):
            said = word[0].lower()
            known = self._known_colour(said) if behind and self._a_thing(behind[0]) else None
            if known is not None:
                exchanged[said] = known
                parts += [text[at : word.start()], known]
                at = word.end()
        return Read("".join([*parts, text[at:]]), exchanged)

    def _a_thing(self, word: str) -> bool:
        """Whether it may name one: *apple* in *the apple in the bowl* is no colour."""
        word = word.lower()
        return word.isalpha() and (word in self.things or word not in self.words)

    def _known_colour(self, word: str) -> str | None:
        hue = None if word in self.words | BASIC else _hue_deg(word)
        if hue is None:
            return None
        known = {each: _hue_deg(each) for each in sorted(self.looks)}
        apart = {each: _apart_deg(hue, own) for each, own in known.items() if own is not None}
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
