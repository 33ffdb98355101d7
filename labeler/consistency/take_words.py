"""What is said of a take in words, and what a check finds in that."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ...datasets.catalog_rows import TakeRow
from ...runtime.text import one_line
from ...runtime.validation import StrictModel
from .remedies import Remedy

WORD = re.compile(r"\w+")
ENDS = ".,;:!?"
DONE = ("done", "approved")


class Finding(StrictModel):
    """Words of some takes that do not go together."""

    text: str
    takes: list[str]
    """Their ids, in the order in which they were recorded."""
    remedy: Remedy | None = None
    """What would put it right; None where a person has to look."""
    does: str = ""
    """The remedy in a few words, as on a button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeWords:
    """One take's instruction, other wordings, objects with their synonyms, and sub-tasks."""

    take: str
    task: str = ""
    instruction: str = ""
    paraphrases: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by object
    subtasks: tuple[str, ...] = ()  # "" where one has no name
    done: bool = False  # somebody said so

    @classmethod
    def of(cls, row: TakeRow) -> "TakeWords":
        """Of a row of the catalog."""
        return cls(
            take=row.take_id,
            task=row.task,
            instruction=row.instruction,
            paraphrases=tuple(row.paraphrases),
            objects=tuple(row.objects),
            targets=tuple(row.targets),
            synonyms={name: tuple(others) for name, others in row.synonyms.items()},
            subtasks=tuple(row.subtasks),
            done=row.review in DONE,
        )

    @property
    def wordings(self) -> tuple[str, ...]:
        """The instruction, and the other ways to say it."""
        return tuple(filter(None, (self.instruction, *self.paraphrases)))

    @property
    def texts(self) -> tuple[str, ...]:
        synonyms = (each for others in self.synonyms.values() for each in others)
        return tuple(filter(None, (*self.wordings, *self.objects, *synonyms, *self.subtasks)))

    def called(self, name: str) -> tuple[str, ...]:
        """An object's name, and its synonyms."""
        return (name, *self.synonyms.get(name, ()))

    def says(self, name: str) -> bool:
        """Whether any wording names that object, by whatever it is called."""
        return any(names(self.wordings, each) for each in self.called(name))


def folded(text: str) -> str:
    """Texts that differ in capitals, blanks or a full stop alone are the same here."""
    return one_line(one_line(text).rstrip(ENDS)).casefold()


def words_of(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(folded(text)))


def names(wordings: Iterable[str], name: str) -> bool:
    """Whether any wording has all words of a name."""
    wanted = {*words_of(name)}
    return any(wanted <= {*words_of(text)} for text in wordings)


def counted(takes: Collection[object]) -> str:
    """Such as "1 take", "3 takes"."""
    return f"{len(takes)} take{'' if len(takes) == 1 else 's'}"
