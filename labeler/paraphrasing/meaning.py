"""What a sentence says, as far as its words tell, and whether another one says the same.

Strict on purpose: a word that is not known to be without a meaning of its own, such as a colour, a
side, a number or "not", must stand in both, beside the same words and after the same kind of
preposition. An object may be called by any of its names, and a verb may be another one that says
the same. English alone is known; of other languages only what differs in names passes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from .interface import Called, Wordings
from .vocabulary import (
    APART,
    ARTICLES,
    BUTTONS,
    HOLDS,
    PREPOSITIONS,
    SIDES,
    STACKS,
    VERBS,
    Phrases,
    say_the_same,
)
from .words import bare, longest_at, words_of

Part: TypeAlias = tuple[str, tuple[str, ...]]
"""Kind of preposition, "" without one, and the words in a row that follow it."""
VERB: Part = ("verb", ())  # its place
IT: Part = ("", ("it",))
REFUSALS = frozenset({"not", "never", "no", "without", "except", "but", "unless", "until"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """Verbs, in their order, and all else."""

    verbs: tuple[str, ...]
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, text: str, called: Called) -> "Meaning":
        reader = _Reader(_joined(words_of(bare(text))), _names(called))
        reader.read()
        return cls(tuple(reader.verbs), tuple(reader.parts))

    @property
    def named(self) -> frozenset[str]:
        """Kinds of its prepositions, and whether it names a side or a button."""
        words = {word for _, all_ in self.parts for word in all_}
        found = {kind for kind, _ in self.parts if kind and kind != "verb"}
        found |= {"side"} if words & SIDES else set()
        return frozenset(found | ({"button"} if words & BUTTONS else set()))

    @property
    def is_in_order(self) -> bool:
        """Whether the order of its parts is part of what it says."""
        words = {word for _, all_ in self.parts for word in all_}
        return len(self.verbs) != 1 or bool(words & REFUSALS)


def keeps_meaning(said: Wordings, text: str) -> bool:
    """Whether a text says what the instruction says."""
    wanted = Meaning.of(said.instruction, said.called)
    given = Meaning.of(text, said.called)
    if not wanted.is_in_order:
        given = _without_hold(given)
    if STACKS & {*wanted.verbs}:
        wanted, given = _on_alone(wanted), _on_alone(given)
    return _same_verbs(wanted, given) and _same_parts(wanted, given)


def _same_verbs(wanted: Meaning, given: Meaning) -> bool:
    if len(wanted.verbs) != len(given.verbs):
        return False
    named = wanted.named
    pairs = zip(wanted.verbs, given.verbs, strict=True)
    return all(verb == other or other in say_the_same(verb, named) for verb, other in pairs)


def _same_parts(wanted: Meaning, given: Meaning) -> bool:
    if wanted.is_in_order:
        return wanted.parts == given.parts
    return Counter(wanted.parts) == Counter(given.parts)


def _without_hold(given: Meaning) -> Meaning:
    """ "Grab the cube and put it down" as "put the cube down"."""
    if len(given.verbs) != 2 or given.verbs[0] not in HOLDS or given.parts[0] != VERB:
        return given
    at = given.parts.index(VERB, 1)
    (kind, words), after = given.parts[at - 1], given.parts[at + 1 : at + 2]
    if at < 2 or words[-1:] != ("and",) or words[:-1] == () or after != (IT,):
        return given
    parts = (*given.parts[: at - 1], (kind, words[:-1]), *given.parts[at + 2 :])
    return Meaning(given.verbs[1:], parts)


def _on_alone(given: Meaning) -> Meaning:
    """What is stacked on a thing lies on top of it."""
    parts = tuple(("on" if kind == "on top" else kind, words) for kind, words in given.parts)
    return replace(given, parts=parts)


def _names(called: Called) -> Phrases:
    """Of the objects, each as its number."""
    return {
        words_of(name): f"<{number}>"
        for number, names in enumerate(called)
        for name in names
        if words_of(name)
    }


def _joined(words: Sequence[str]) -> list[str]:
    """With both parts of a verb beside each other: "pick it up" as "pick up it"."""
    found = list(words)
    for at, word in enumerate(words):
        for later in range(at + 2, len(words) if word in APART else 0):
            if words[later] in APART[word] and _ends(words, later):
                found.insert(at + 1, found.pop(later))
                return found
    return found


def _ends(words: Sequence[str], at: int) -> bool:
    """Whether nothing but a preposition follows, which is not itself one then."""
    rest = words[at + 1 :]
    return not rest or bool(longest_at(rest, 0, PREPOSITIONS)) or rest[0] in ("and", "then")


class _Reader:
    """Goes through a sentence once."""

    def __init__(self, words: Sequence[str], names: Phrases) -> None:
        self._words, self._names = words, names
        self._at, self._kind = 0, ""
        self._row: list[str] = []
        self._fixed = False  # after an article or a preposition there is no verb
        self.verbs: list[str] = []
        self.parts: list[Part] = []

    def read(self) -> None:
        while self._at < len(self._words):
            self._at += self._step()
        self._close()
        self._leave()

    def _step(self) -> int:
        """Words that were read."""
        words, at = self._words, self._at
        if size := longest_at(words, at, self._names):
            return self._keep(self._names[tuple(words[at : at + size])], size)
        if not self._fixed and (size := longest_at(words, at, VERBS)):
            self._close()
            self._leave()
            self.verbs.append(VERBS[tuple(words[at : at + size])])
            self.parts.append(VERB)
            return size
        if size := longest_at(words, at, PREPOSITIONS):
            self._close()
            self._leave()
            self._kind, self._fixed = PREPOSITIONS[tuple(words[at : at + size])], True
            return size
        if words[at] in ARTICLES:
            self._close()
            self._fixed = True
            return 1
        if words[at] in SIDES and self._is_alone():
            self._close()
        return self._keep(words[at], 1)

    def _is_alone(self) -> bool:
        """Whether a side is none of what follows: "push it left", and not "the left cube"."""
        return _ends(self._words, self._at)

    def _keep(self, word: str, size: int) -> int:
        self._row.append(word)
        self._fixed = False
        return size

    def _close(self) -> None:
        """The row of words ends here; "to the left" is "left"."""
        if not self._row:
            return
        row = tuple(self._row)
        kind = "" if self._kind == "to" and len(row) == 1 and row[0] in SIDES else self._kind
        self.parts.append((kind, row))
        self._row, self._kind = [], ""

    def _leave(self) -> None:
        """A preposition that nothing follows counts by itself."""
        if self._kind:
            self.parts.append((self._kind, ()))
        self._kind = ""
