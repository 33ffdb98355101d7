"""Texts that people type: the same words are the same text, however they were typed; and words
that they read."""

import unicodedata


def counted(count: int, word: str) -> str:
    """How many of something, of which the word says one."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def one_line(text: str) -> str:
    """Composed as Unicode's form NFC has it, words apart by one space, nothing around them.

    An accent typed as a character of its own, a no-break space or a second blank make no other
    instruction.
    """
    return " ".join(unicodedata.normalize("NFC", text).split())
