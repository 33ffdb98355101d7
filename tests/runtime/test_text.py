"""The same words are the same text."""

import pytest

from teachloop.runtime.text import one_line


@pytest.mark.parametrize(
    "typed",
    [
        "Wu\u0308rfel auf den Teller",  # the accent as a character of its own
        "  Würfel\tauf\u00a0den   Teller\n",
        "Würfel auf\u3000den Teller",
    ],
)
def test_however_they_were_typed_the_words_are_the_same(typed: str) -> None:
    assert one_line(typed) == "Würfel auf den Teller"


def test_other_letters_stay_as_they_are() -> None:
    for text in ("½ Liter", "ＡＢＣ", "把红色方块推到左边", "Würfel", ""):
        assert one_line(text) == text
