"""What proposes other wordings of an instruction.

To bring one of your own: a class with a `name` and a `propose`, and one line of `labeler.json`:
`{"paraphrasers": {"mine": "my_module:MyParaphraser"}}`. Whatever it gives, a line that does not
keep what the instruction says is not shown: see ``meaning.py``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

Called: TypeAlias = tuple[tuple[str, ...], ...]
"""Of each object, its name and its synonyms."""
Progress: TypeAlias = Callable[[float], None]
"""Told how far it is, 0 … 1."""
Cancelled: TypeAlias = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """What is said of a take: its instruction, the other wordings, and its objects."""

    instruction: str
    paraphrases: tuple[str, ...] = ()
    called: Called = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (self.instruction, *self.paraphrases)


@runtime_checkable
class Paraphraser(Protocol):
    """One way to word an instruction anew. May be asked from several threads."""

    @property
    def name(self) -> str:
        """What proposals are said to come from."""
        ...

    def propose(self, said: Wordings, progress: Progress, cancelled: Cancelled) -> Iterable[str]:
        """Lines, the best first; some may be there already, or say something else. Ends early
        once ``cancelled`` says so."""
        ...
