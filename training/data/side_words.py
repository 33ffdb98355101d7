"""Words that tell one side from the other, and a sentence as it reads in a mirror."""

import re

_PAIRS = (
    "left right", "leftmost rightmost", "leftward rightward", "leftwards rightwards",
    "clockwise counterclockwise", "anticlockwise clockwise", "east west", "eastward westward",
    "links rechts", "linke rechte", "linken rechten", "linker rechter", "linkes rechtes",
    "linkse rechtse", "linkerkant rechterkant", "gauche droite", "izquierda derecha",
    "izquierdo derecho", "sinistra destra", "sinistro destro", "esquerda direita",
    "esquerdo direito", "vänster höger", "venstre højre", "vasen oikea", "vasemmalle oikealle",
    "lewo prawo", "lewej prawej", "влево вправо", "налево направо", "левый правый",
    "левее правее", "sola sağa", "sol sağ",
)  # fmt: skip


def _opposites() -> dict[str, str]:
    both: dict[str, str] = {}
    for pair in _PAIRS:
        one, other = pair.split()
        both |= {one: other, other: one}
    signs = {"左": "右", "右": "左", "왼": "오른", "오른": "왼"}
    return both | signs | {"clockwise": "counterclockwise"}


_OPPOSITE = _opposites()
_WORDS = "|".join(sorted(_OPPOSITE, key=len, reverse=True))
# Chinese, Japanese and Korean write no spaces about theirs
_SIDE = re.compile(rf"\b(?:{_WORDS})\b|左|右|왼|오른", re.IGNORECASE)


def tells_side(text: str) -> bool:
    """Whether a word in it tells one side from the other."""
    return _SIDE.search(text) is not None


def mirrored(text: str) -> str:
    """The same with left and right exchanged, of every language whose words are known here."""
    return _SIDE.sub(lambda found: _like(found[0], _OPPOSITE[found[0].lower()]), text)


def _like(said: str, other: str) -> str:
    return other.capitalize() if said[0].isupper() else other
