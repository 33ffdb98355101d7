"""The one base of all errors that teachloop raises on purpose."""

from typing import Any

LONGEST = 2000  # characters that are shown; a name from outside may have a million


class TeachloopError(Exception):
    """Says what was wrong and what would be right; the CLI and pages show it as it is.

    Its kinds take what they speak of, not the text, and still travel between processes.
    """

    def __str__(self) -> str:
        """Its words, as they can be sent, without the middle of what is too long to be read: what
        would be right stands at the end."""
        text = super().__str__().encode("utf-8", "backslashreplace").decode()
        if len(text) <= LONGEST:
            return text
        return f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 + 3 :]}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args), self.__dict__


def _restored(kind: type[TeachloopError], args: tuple[Any, ...]) -> TeachloopError:
    return kind.__new__(kind, *args)
