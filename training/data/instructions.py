"""What a take is asked for in: its instruction and paraphrases, each object by all of its names."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, zip_longest
from typing import TypeAlias

from ...datasets.labels.snapshot import Snapshot

Called: TypeAlias = tuple[tuple[str, ...], ...]
"""Of each object, its name and its synonyms."""
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
MOST = 64  # ways to ask for one take, unless people wrote more


def called_of(labels: Snapshot) -> Called:
    """Of the objects of a take, in their order."""
    return tuple(labels.called(label.name) for label in labels.objects)


def anything(text: str) -> bool:
    """Whether it can be read: any text can."""
    return True


def instructions_of(
    labels: Snapshot, recorded: str, reads: Callable[[str], bool] = anything
) -> tuple[str, ...]:
    """The instruction, its paraphrases, and then the same with one object after the other called by
    each of its other names: ``MOST`` of all, in turn from each text, always the same for the same
    labels. ``recorded``: the instruction where nobody wrote another. ``reads``: whether a text that
    nobody wrote can be read."""
    written = (labels.instruction or recorded, *labels.paraphrases)
    otherwise = [_otherwise(text, called_of(labels)) for text in written]
    in_turn = filter(None, chain.from_iterable(zip_longest(*otherwise)))
    new = dict.fromkeys(text for text in in_turn if text not in written and reads(text))
    return (*written, *islice(new, max(0, MOST - len(written))))


def _otherwise(text: str, called: Called) -> Iterator[str]:
    for number, names in enumerate(called):
        for name in names if len(names) > 1 else ():
            other = renamed(text, called, number, name)
            if other.casefold() != text.casefold():
                yield other


def renamed(text: str, called: Called, number: int, name: str) -> str:
    """The text with another name for an object, by whatever it is called there. In "red cup" no cup
    is named where another object is called so."""
    words = [each for names in called for each in names if each]
    owners = {each.casefold(): at for at, names in enumerate(called) for each in names}
    if not words:
        return text

    def other(found: re.Match[str]) -> str:
        if owners.get(found[0].casefold()) != number:
            return found[0]
        begins = found.start() == 0 and found[0][:1].isupper()
        return name[:1].upper() + name[1:] if begins else name

    return _any_of(tuple(words)).sub(other, text)


@lru_cache(256)
def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """Any of these words, the longest of those that begin alike."""
    ranked = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_whole, ranked)), re.IGNORECASE)


def _whole(word: str) -> str:
    """The word alone, or in a row of others in scripts that write no spaces about it."""
    before = r"(?<!\w)" if _stands_apart(word[0]) else ""
    after = r"(?!\w)" if _stands_apart(word[-1]) else ""
    return f"{before}{re.escape(word)}{after}"


def _stands_apart(letter: str) -> bool:
    return not unicodedata.name(letter, "").startswith(UNSPACED)
