"""Words that do not exist, for what has no name and for what nobody ever did."""

import numpy as np

_ONSETS = "b d f g k l m n p r s t v z bl ch pl sh st tr".split()
_VOWELS = "a e i o u ee oo".split()
_CODAS = ["", "", "ck", "l", "m", "n", "ng", "p", "r", "sh", "t", "x"]
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
