"""An instruction as its clauses: a verb, a thing, and where that goes."""

import re
from dataclasses import dataclass

from .vocabulary import APART, PREPOSITIONS, SIDES, VERBS
from .words import longest_at

BETWEEN = re.compile(r"(,? and then |,? then |,? and )", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """ "Put | the red cube | in the bowl"."""

    verb: str
    thing: str
    way: str = ""  # from the first preposition on, or a side alone

    @property
    def preposition(self) -> str:
        """The first, as it stands there; "" for a side alone."""
        words = self.way.split()
        size = longest_at([word.casefold() for word in words], 0, PREPOSITIONS)
        return " ".join(words[:size])

    @property
    def kind(self) -> str:
        """Of the first preposition."""
        return PREPOSITIONS.get(tuple(self.preposition.casefold().split()), "")

    @property
    def has_one_place(self) -> bool:
        """Whether all of the way is one place: in "the cube on the left in the bowl" nobody knows
        which words belong together."""
        words = self.way.casefold().split()
        sizes = [longest_at(words, at, PREPOSITIONS) for at in range(len(words))]
        first = sizes[0] if sizes else 0
        return first > 0 and not any(sizes[first:])

    def __str__(self) -> str:
        return " ".join(filter(None, (self.verb, self.thing, self.way)))


def clauses_of(plain: str) -> tuple[list[Clause], list[str]]:
    """All clauses, and what stands between them; none of both where any is not understood."""
    pieces = BETWEEN.split(plain)
    found = [clause_of(piece) for piece in pieces[::2]]
    known = [clause for clause in found if clause]
    if len(known) == len(found):
        return known, pieces[1::2]
    alone = clause_of(plain)  # "the salt and the pepper"
    return ([alone], []) if alone and len(pieces) < 4 else ([], [])


def clause_of(text: str) -> Clause | None:
    """None where it does not begin with a verb that is known, or has commas."""
    words = text.split()
    small = [word.casefold() for word in words]
    size = longest_at(small, 0, VERBS)
    if not size or len(words) == size or any(mark in text for mark in ",;:()"):
        return None
    verb, rest = VERBS[tuple(small[:size])], words[size:]
    if size == 1 and (at := _second_part(verb, small[1:])):
        verb, rest = f"{verb} {small[1 + at]}", rest[:at] + rest[at + 1 :]
    if (verb,) not in VERBS and tuple(verb.split()) not in VERBS:
        return None
    return _divided(verb, rest)


def _second_part(verb: str, rest: list[str]) -> int:
    """Where the rest of a verb in two parts stands, behind its thing; 0 where it does not."""
    for at in range(1, len(rest) if verb in APART else 0):
        after = rest[at + 1 :]
        if rest[at] in APART[verb] and (not after or longest_at(after, 0, PREPOSITIONS)):
            return at
    return 0


def _divided(verb: str, rest: list[str]) -> Clause | None:
    small = [word.casefold() for word in rest]
    starts = (at for at in range(len(rest)) if longest_at(small, at, PREPOSITIONS))
    at = next(starts, len(rest))
    if at == len(rest) > 1 and small[-1] in SIDES:
        at -= 1
    if at == 0:
        return None
    return Clause(verb=verb, thing=" ".join(rest[:at]), way=" ".join(rest[at:]))
