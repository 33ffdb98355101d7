"""Words that do not exist, for what has no name and for what nobody ever did."""

import numpy as np

_ONSETS = (*"bdfgklmnprstvz", "bl", "ch", "pl", "sh", "st", "tr")
_VOWELS = (*"aeiou", "ee", "oo")
_CODAS = (*"lmnprtx", "ck", "ng", "sh", "", "")
_LEAST = 3  # letters


def made_up_word(rng: np.random.Generator, taken: frozenset[str]) -> str:
    """One of a million words of one to three syllables that is not ``taken``."""
    while True:
        count = int(rng.integers(1, 4))
        word = "".join(_syllable(rng) for _ in range(count))
        if len(word) >= _LEAST and word not in taken:
            return word


def _syllable(rng: np.random.Generator) -> str:
    return "".join(str(rng.choice(part)) for part in (_ONSETS, _VOWELS, _CODAS))
