"""A sentence as its words, without what is polite about it."""

import re
from collections.abc import Sequence

ENDS = ".?! "
_BEFORE = re.compile(r"^(?:please|kindly|(?:could|can|would|will) you)\b[\s,]*", re.IGNORECASE)
_AFTER = re.compile(r"[\s,]+please$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_NUMBERS = (
    "zero", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_SAME: dict[str, str] = {"forwards": "forward", "backwards": "backward", "cannot": "can not"}
_SAME |= {word: str(number + (number > 0)) for number, word in enumerate(_NUMBERS)}


def bare(text: str) -> str:
    """The sentence without please, could you, and its end."""
    rest = text.strip(ENDS)
    while (shorter := _AFTER.sub("", _BEFORE.sub("", rest)).strip(ENDS)) != rest:
        rest = shorter
    return rest


def words_of(text: str) -> tuple[str, ...]:
    """In small letters, a number in digits, "don't" as "do not"."""
    plain = text.casefold().replace("’", "'").replace("n't", " not")
    found: list[str] = _WORD.findall(plain)
    return tuple(" ".join(_SAME.get(word, word) for word in found).split())


def longest_at(words: Sequence[str], at: int, phrases: dict[tuple[str, ...], str]) -> int:
    """How many words of the longest phrase that begins there; 0 where none does."""
    longest = max((len(phrase) for phrase in phrases), default=0)
    sizes = range(min(longest, len(words) - at), 0, -1)
    return next((size for size in sizes if tuple(words[at : at + size]) in phrases), 0)
