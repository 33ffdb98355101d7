"""Plain values from outside: a few lines of text may unfold to more than anybody means."""

from collections.abc import Mapping

DEEPEST = 50  # levels of nesting; whoever passes them on has a limit of their own
MOST = 20_000  # values; in YAML, nine lines can name a billion


def require_plain(content: object, deepest: int = DEEPEST, most: int = MOST) -> None:
    """Raise ValueError for what is nested too deep, holds too many values (a value that is named
    twice counts twice), or holds half a character."""
    waiting = [(content, 0)]
    seen = 0
    while waiting:
        value, level = waiting.pop()
        seen += 1
        if level > deepest:
            raise ValueError("it is nested too deep")
        if seen + len(waiting) > most:
            raise ValueError(f"it holds more than {most} values")
        if isinstance(value, str):
            _require_whole(value)
        elif isinstance(value, Mapping):
            waiting += [(each, level + 1) for pair in value.items() for each in pair]
        elif isinstance(value, list | tuple):
            waiting += [(each, level + 1) for each in value]


def _require_whole(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"half a character is in {text!a:.60}") from None
