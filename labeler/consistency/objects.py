"""Objects and the instructions that are about them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from .remedies import Aim, Rename
from .take_words import Finding, TakeWords, counted, folded

AFTER_THE = re.compile(r"\bthe (.+)", re.IGNORECASE)
END = re.compile(
    r" (?:to|on|onto|in|into|inside|from|towards|with|over|left|right|away|and)\b|[,.;]",
    re.IGNORECASE,
)


def two_names(takes: Sequence[TakeWords]) -> Iterator[Finding]:
    """Of takes with the same instruction, the target has another name in some, and nobody said that
    it is a synonym. Right is the name that the instruction has, and the commonest of several;
    without either nobody knows."""
    same_thing = _synonyms(takes)
    for same in _by_instruction(takes).values():
        named: dict[str, list[TakeWords]] = defaultdict(list)
        for each in same:
            if len(each.targets) == 1:
                named[each.targets[0]].append(each)
        right = _right_name(named)
        for name, found in named.items():
            if right and frozenset((folded(name), folded(right))) not in same_thing:
                yield Finding(
                    text=f"“{found[0].instruction}” is about “{name}” here, and about “{right}” in "
                    f"{counted(named[right])}.",
                    takes=[each.take for each in found],
                    remedy=Rename(old=name, new=right),
                    does=f"Call it “{right}”",
                )


def shared_names(takes: Sequence[TakeWords]) -> Iterator[Finding]:
    """An object beside one that is called so as well, there or in other takes."""
    said: dict[tuple[str, str], list[TakeWords]] = defaultdict(list)
    for each in takes:
        for name, synonyms in each.synonyms.items():
            for synonym in synonyms:
                said[name, synonym].append(each)
    for (name, synonym), sayers in said.items():
        both = [each.take for each in takes if {name, synonym} <= {*each.objects}]
        if both:
            yield Finding(
                text=f"“{synonym}” is another object than “{name}” here, and the same in "
                f"{counted(sayers)}.",
                takes=both,
            )


def _synonyms(takes: Sequence[TakeWords]) -> set[frozenset[str]]:
    """What is the same thing, two by two; one name in two spellings is, too."""
    pairs = {(name, each) for take in takes for name in take.objects for each in take.called(name)}
    return {frozenset((folded(name), folded(each))) for name, each in pairs}


def _right_name(named: Mapping[str, Sequence[TakeWords]]) -> str | None:
    said = [name for name, found in named.items() if found[0].says(name)]
    ranked = sorted(said or named, key=lambda name: (-len(named[name]), name))
    if len(ranked) > 1 and not said and len(named[ranked[0]]) == len(named[ranked[1]]):
        return None
    return ranked[0] if ranked else None


def never_named(takes: Sequence[TakeWords], known: Sequence[Finding]) -> Iterator[Finding]:
    """A target that no wording of its take names. ``known``: what was found of two names, which is
    not said again."""
    told = {(take, each.remedy.old) for each in known if isinstance(each.remedy, Rename)
            for take in each.takes}  # fmt: skip
    groups: dict[tuple[str, str], list[TakeWords]] = defaultdict(list)
    for each in takes:
        for name in each.targets:
            unsaid = each.instruction and not each.says(name)
            if unsaid and (each.take, name) not in told:
                groups[each.instruction, name].append(each)
    for (instruction, name), found in groups.items():
        yield _named_after(instruction, name, found)


def _named_after(instruction: str, name: str, found: Sequence[TakeWords]) -> Finding:
    likely = _likely_object(instruction)
    taken = any(likely in each.called(name) for each in found for name in each.objects)
    return Finding(
        text=f"“{instruction}” does not name its target, “{name}”.",
        takes=[each.take for each in found],
        remedy=Rename(old=name, new=likely) if likely and not taken else None,
        does=f"Call it “{likely}”" if likely and not taken else "",
    )


def without_target(takes: Sequence[TakeWords]) -> Iterator[Finding]:
    """An instruction that is about no object: of takes that have objects, or that somebody is done
    with."""
    groups: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for each in takes:
        if each.instruction and not each.targets and (each.objects or each.done):
            groups[each.instruction, _only_named(each)].append(each.take)
    for (instruction, name), found in groups.items():
        yield Finding(
            text=f"“{instruction}” is about no object: none is the target.",
            takes=found,
            remedy=Aim(object=name) if name else None,
            does=f"Make “{name}” the target" if name else "",
        )


def _only_named(take: TakeWords) -> str | None:
    said = [name for name in take.objects if take.says(name)]
    return said[0] if len(said) == 1 else None


def _by_instruction(takes: Sequence[TakeWords]) -> Mapping[str, list[TakeWords]]:
    groups: dict[str, list[TakeWords]] = defaultdict(list)
    for each in takes:
        if each.instruction:
            groups[folded(each.instruction)].append(each)
    return groups


def _likely_object(instruction: str) -> str:
    """ "pick up the red cube" -> "red cube"; "" where that is not how it is said."""
    after = AFTER_THE.search(instruction)
    return END.split(after[1])[0].strip() if after else ""
