"""The one base of all errors that teachloop raises on purpose."""

from typing import Any


class TeachloopError(Exception):
    """Says what was wrong and what would be right; the CLI and pages show it as it is.

    Its kinds take what they speak of, not the text, and still travel between processes.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args), self.__dict__


def _restored(kind: type[TeachloopError], args: tuple[Any, ...]) -> TeachloopError:
    return kind.__new__(kind, *args)
