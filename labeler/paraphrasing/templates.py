"""Other wordings by rules: no weights, at once, and always the same for the same words."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count, zip_longest

from .clauses import Clause, clauses_of
from .interface import Called, Cancelled, Progress, Wordings
from .meaning import Meaning
from .naming import renamed
from .vocabulary import APART, ARTICLES, PLACED, SIDES, STACKS, say_the_same
from .words import bare, words_of

FRONTED = frozenset({
    "put", "place", "set", "move", "bring", "transfer", "stack", "pile", "push", "shove", "slide",
    "shift",
})  # fmt: skip
"""Verbs whose way may come first."""
HELD_FIRST = frozenset(["put", "place", "set"])
LIFTED = frozenset({"pick up", "lift", "raise"})
OTHERWISE = {"in": "into", "into": "in", "inside": "into", "on": "onto", "onto": "on"}
POLITE = ("please {}", "{}, please", "could you {}?", "can you {}?", "would you {}?")
ENGLISH = frozenset({"the", "an", "and", "it"})  # words of no other language
LONGEST_APART = 4  # words of a thing that a verb's two parts may stand around


class Templates:
    """Verbs that say the same, the place first, an object's other names, politeness. Of an
    instruction that is not understood, the last two alone."""

    name = "templates"

    def propose(self, said: Wordings, progress: Progress, cancelled: Cancelled) -> Iterator[str]:
        plain = _begun_small(bare(said.instruction))
        for number, text in enumerate(_all(plain, said.called), 1):
            yield _styled(_renamed(text, said.called, number), said.instruction)
        for number in range(1, max((len(names) for names in said.called), default=1)):
            yield _styled(_renamed(plain, said.called, number), said.instruction)


def _all(plain: str, called: Called) -> Iterator[str]:
    """Of each kind one after the other."""
    clauses, between = clauses_of(plain)
    verbs = list(_with_verbs(clauses, between, called))
    kinds: list[Iterable[str]] = [verbs, _polite(plain, verbs, bool(clauses))]
    if len(clauses) == 1:
        kinds += [_in_other_order(clauses[0]), _held_first(clauses[0])]
    kinds.append(_with_article(clauses, between, called))
    kinds.append([plain])
    return filter(None, chain.from_iterable(zip_longest(*kinds)))


def _with_verbs(clauses: Sequence[Clause], between: Sequence[str], called: Called) -> Iterator[str]:
    """Each clause with its next verb."""
    named = Meaning.of(_joined([str(clause) for clause in clauses], between), called).named
    each = [list(_with_other_verb(clause, called, named)) for clause in clauses]
    for number in range(max((len(texts) for texts in each), default=0)):
        chosen = [
            texts[number % len(texts)] if texts else str(clause)
            for texts, clause in zip(each, clauses, strict=True)
        ]
        yield _joined(chosen, between)


def _with_other_verb(clause: Clause, called: Called, named: frozenset[str]) -> Iterator[str]:
    """``named``: what all of the instruction names, of which a verb has to say the same, too."""
    own = say_the_same(clause.verb, Meaning.of(str(clause), called).named)
    verbs = [verb for verb in say_the_same(clause.verb, named) if verb in own]
    for verb in (*verbs, clause.verb):
        if verb.endswith(" down") and not _is_plain(clause.thing):
            continue
        way = clause.way
        if clause.verb in STACKS and verb not in STACKS and clause.kind == "on":
            way = f"on top of{way.removeprefix(clause.preposition)}"
        yield from _spoken(Clause(verb=verb, thing=clause.thing, way=way))


def _is_plain(thing: str) -> bool:
    """Such as "the cube", and neither "all" nor "the cube away"."""
    words = thing.casefold().split()
    return words[0] in ARTICLES and words[-1] not in SIDES


def _spoken(clause: Clause) -> Iterator[str]:
    """A verb of two parts before its thing, and around it."""
    first, _, second = clause.verb.partition(" ")
    apart = second in APART.get(first, ())
    must = clause.thing in ("it", "them") or (second == "down" and clause.way)
    if not (apart and must):
        yield str(clause)
    if apart and len(clause.thing.split()) <= LONGEST_APART:
        yield " ".join(filter(None, (first, clause.thing, second, clause.way)))


def _in_other_order(clause: Clause) -> Iterator[str]:
    """The place first, or by another preposition of its kind."""
    if clause.verb not in FRONTED or not clause.has_one_place:
        return
    verb, thing, way = clause.verb, clause.thing, clause.way
    other = OTHERWISE.get(clause.preposition)
    if other and clause.kind in PLACED:
        way = f"{other}{way.removeprefix(clause.preposition)}"
        yield f"{verb} {thing} {way}"
    yield f"{way}, {verb} {thing}"
    yield f"{clause.way}, {verb} {thing}"


def _held_first(clause: Clause) -> Iterator[str]:
    """It is taken before it is put somewhere, or lifted."""
    if clause.thing.split()[0].casefold() not in ARTICLES or clause.thing.endswith("s"):
        return
    if clause.verb in HELD_FIRST and clause.kind in PLACED and clause.has_one_place:
        yield f"pick up {clause.thing} and {clause.verb} it {clause.way}"
        yield f"take {clause.thing} and put it {clause.way}"
    if clause.verb in LIFTED and not clause.way:
        yield f"grab {clause.thing} and lift it"


def _with_article(
    clauses: Sequence[Clause], between: Sequence[str], called: Called
) -> Iterator[str]:
    """ "Pick up red cube" with an article."""
    known = {name.casefold() for names in called for name in names}
    bare_ones = [each for each in clauses if each.thing.casefold() in known]
    if bare_ones:
        said = [
            Clause(verb=each.verb, thing=f"the {each.thing}", way=each.way)
            if each in bare_ones
            else each
            for each in clauses
        ]
        yield _joined([str(each) for each in said], between)


def _polite(plain: str, others: Sequence[str], is_understood: bool) -> Iterator[str]:
    """What is not understood may be no request: then nobody is asked whether they could."""
    if not is_understood:
        if ENGLISH & {*words_of(plain)}:
            yield f"{plain}, please"
        return
    texts = [plain, *others]
    yield from (frame.format(text) for frame, text in zip(POLITE, _again(texts), strict=False))


def _again(texts: Sequence[str]) -> Iterator[str]:
    return (texts[number % len(texts)] for number in count())


def _joined(clauses: Sequence[str], between: Sequence[str]) -> str:
    pairs = zip_longest(clauses, between, fillvalue="")
    return "".join(text for pair in pairs for text in pair)


def _renamed(text: str, called: Called, number: int) -> str:
    """Each object by the name whose turn it is."""

    def pick(names: tuple[str, ...]) -> str:
        return names[(number + number // 3) % len(names)]

    return renamed(text, called, pick)


def _begun_small(plain: str) -> str:
    """A verb in small letters; where the rest is not, such as "TV", all as it is."""
    return plain if plain[1:2].isupper() else plain[:1].lower() + plain[1:]


def _styled(text: str, like: str) -> str:
    """With a capital and an end where the instruction has them."""
    first = text[:1].upper() if like.strip()[:1].isupper() else text[:1]
    end = "." if like.rstrip().endswith(".") and not text.endswith("?") else ""
    return first + text[1:] + end
