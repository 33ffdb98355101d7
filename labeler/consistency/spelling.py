"""One text, or one word, that is spelled in several ways."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from .remedies import Respell, Rewrite
from .take_words import Finding, TakeWords, counted, folded, words_of

RARE = 2  # takes that have a word at most which may be a slip
COMMON = 5  # times as many takes that have the word which may be meant
LEAST = 3  # takes that have that one at least
SHORTEST = 5  # letters of a word that may be a slip; "left" and "lift" are two words
LONG = 9  # letters from which on two of them may be wrong


def spelling_variants(takes: Sequence[TakeWords]) -> Iterator[Finding]:
    """Texts that differ in capitals, blanks or a full stop alone: the commonest is right."""
    users: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in takes:
        for text in dict.fromkeys(each.texts):
            users[folded(text)][text].append(each.take)
    for variants in users.values():
        right = max(variants, key=lambda text: (len(variants[text]), text))
        for text, found in variants.items():
            if text != right:
                yield Finding(
                    text=f"“{text}” is “{right}” in {counted(variants[right])}.",
                    takes=found,
                    remedy=Rewrite(old=text, new=right),
                    does=f"Write “{right}”",
                )


def misspelled_words(takes: Sequence[TakeWords]) -> Iterator[Finding]:
    """Rare words that are a letter or two away from a common one, and never stand beside it."""
    users, beside = _users(takes), _beside(takes)
    for word, found in users.items():
        if len(word) < SHORTEST or len(found) > RARE:
            continue
        meant = _meant(word, users, beside[word])
        if meant:
            yield Finding(
                text=f"“{word}” may be “{meant}”, as in {counted(users[meant])}.",
                takes=found,
                remedy=Respell(old=word, new=meant),
                does=f"Spell it “{meant}”",
            )


def _users(takes: Sequence[TakeWords]) -> Mapping[str, list[str]]:
    """By word, the takes that have it."""
    users: dict[str, list[str]] = defaultdict(list)
    for each in takes:
        for word in dict.fromkeys(word for text in each.texts for word in words_of(text)):
            users[word].append(each.take)
    return users


def _beside(takes: Sequence[TakeWords]) -> Mapping[str, Counter[str]]:
    """By word, those that stand in one text with it."""
    beside: dict[str, Counter[str]] = defaultdict(Counter)
    for text in {text for each in takes for text in each.texts}:
        found = words_of(text)
        for word in found:
            beside[word].update(found)
    return beside


def _meant(word: str, users: Mapping[str, list[str]], beside: Mapping[str, int]) -> str | None:
    """The commonest of the words that may be meant."""
    enough = max(LEAST, COMMON * len(users[word]))
    common = [each for each, found in users.items() if len(found) >= enough]
    like = [each for each in common if not beside.get(each) and _is_slip(word, each)]
    return max(like, key=lambda each: (len(users[each]), each), default=None)


def _is_slip(word: str, meant: str) -> bool:
    """Whether a few letters differ; a plural and another number are no slips."""
    if word in (f"{meant}s", f"{meant}es") or meant in (f"{word}s", f"{word}es"):
        return False
    if any(letter.isdigit() for letter in word + meant):
        return False
    return 0 < distance(word, meant) <= (2 if len(word) >= LONG else 1)


def distance(one: str, other: str) -> int:
    """How many letters are to be changed, added, left out, or swapped with their neighbour (the
    optimal string alignment distance: Boytsov, Indexing methods for approximate dictionary
    searching, 2011)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, wanted in enumerate(other, 1):
            kept = last[column - 1] + (letter != wanted)
            best = min(kept, last[column] + 1, now[-1] + 1)
            if row > 1 < column and (letter, one[row - 2]) == (other[column - 2], wanted):
                best = min(best, before[column - 2] + 1)
            now.append(best)
        before, last = last, now
    return last[-1]
