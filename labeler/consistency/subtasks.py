"""Sub-tasks without a name."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from .remedies import NameSubtasks
from .take_words import Finding, TakeWords, folded


def unnamed_subtasks(takes: Sequence[TakeWords]) -> Iterator[Finding]:
    """The names that as many sub-tasks of the same task have most often are right, where they agree
    with those that have one here."""
    known = _named(takes)
    groups: dict[tuple[str, ...] | None, list[str]] = defaultdict(list)
    for each in takes:
        if "" in each.subtasks:
            groups[_like(each, known[_task(each)])].append(each.take)
    for names, found in groups.items():
        yield Finding(
            text="Sub-tasks have no name.",
            takes=found,
            remedy=NameSubtasks(names=list(names)) if names else None,
            does=f"Name them {', '.join(f'“{name}”' for name in names)}" if names else "",
        )


def _task(take: TakeWords) -> str:
    return folded(take.task or take.instruction)


def _named(takes: Sequence[TakeWords]) -> Mapping[str, Counter[tuple[str, ...]]]:
    """By task, the names of all sub-tasks of takes in which each has one."""
    known: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for each in takes:
        if each.subtasks and "" not in each.subtasks:
            known[_task(each)][each.subtasks] += 1
    return known


def _like(take: TakeWords, known: Counter[tuple[str, ...]]) -> tuple[str, ...] | None:
    for names, _ in known.most_common():
        if len(names) == len(take.subtasks) and all(
            own in ("", name) for own, name in zip(take.subtasks, names, strict=True)
        ):
            return names
    return None
