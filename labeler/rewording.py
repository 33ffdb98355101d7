"""Remedies of inconsistent words, as edits of one take's labels."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import singledispatch

from ..datasets.labels.edits import (
    AddPrompt,
    DirectEdit,
    RemovePrompt,
    RenameObject,
    SetInstruction,
    SetMask,
    SetObjects,
    SetParaphrases,
    SetSegments,
    SetSynonyms,
)
from ..datasets.labels.label_values import ObjectLabel
from ..datasets.labels.snapshot import Draft, Snapshot
from .consistency.remedies import Aim, NameSubtasks, Rename, Respell, Rewrite
from .interactive import prompts_at
from .mask_changes import naming

Change = Callable[[str], str]


@singledispatch
def remedied(remedy: object, now: Snapshot, recorded: str) -> list[DirectEdit]:
    """The edits that put these labels right; none where they have nothing of it. ``recorded``: the
    instruction where nobody wrote another."""
    raise TypeError(f"{remedy!r} is no remedy")


@remedied.register
def _(remedy: Rewrite, now: Snapshot, recorded: str) -> list[DirectEdit]:
    return list(_changed(now, recorded, lambda text: remedy.new if text == remedy.old else text))


@remedied.register
def _(remedy: Respell, now: Snapshot, recorded: str) -> list[DirectEdit]:
    word = re.compile(rf"(?<!\w){re.escape(remedy.old)}(?!\w)", re.IGNORECASE)

    def spelled(found: re.Match[str]) -> str:
        new = remedy.new
        return new[:1].upper() + new[1:] if found[0][:1].isupper() else new

    return list(_changed(now, recorded, lambda text: word.sub(spelled, text)))


@remedied.register
def _(remedy: Rename, now: Snapshot, recorded: str) -> list[DirectEdit]:
    return list(renaming(now, remedy.old, remedy.new))


@remedied.register
def _(remedy: Aim, now: Snapshot, recorded: str) -> list[DirectEdit]:
    if remedy.object not in [each.name for each in now.objects]:
        return []
    aimed = tuple(replace(each, target=each.name == remedy.object) for each in now.objects)
    return [SetObjects(aimed)] if aimed != now.objects else []


@remedied.register
def _(remedy: NameSubtasks, now: Snapshot, recorded: str) -> list[DirectEdit]:
    if len(remedy.names) != len(now.segments):
        return []
    pairs = zip(now.segments, remedy.names, strict=True)
    named = tuple(replace(part, text=part.text or name) for part, name in pairs)
    return [SetSegments(named)] if named != now.segments else []


def _changed(now: Snapshot, recorded: str, change: Change) -> Iterator[DirectEdit]:
    """All texts of a take, each changed."""
    before = recorded if now.instruction is None else now.instruction
    if (after := change(before)) != before:
        yield SetInstruction(after)
    wordings = tuple(dict.fromkeys(map(change, now.paraphrases)))
    if wordings != now.paraphrases:
        yield SetParaphrases(wordings)
    parts = tuple(replace(part, text=change(part.text)) for part in now.segments)
    if parts != now.segments:
        yield SetSegments(parts)
    for name in [label.name for label in now.objects]:
        edits = list(renaming(now, name, change(name)))
        yield from edits
        now = _after(now, edits)
    yield from _respelled(now, change)


def _respelled(now: Snapshot, change: Change) -> Iterator[DirectEdit]:
    """The synonyms, each changed where no other object is called so."""
    for name, synonyms in now.synonyms.items():
        other = [new if now.named(new) in (None, name) else old
                 for old, new in zip(synonyms, map(change, synonyms), strict=True)]  # fmt: skip
        if tuple(other) != synonyms:
            edit = SetSynonyms(name, tuple(other))
            yield edit
            now = _after(now, [edit])


def renaming(now: Snapshot, old: str, new: str) -> Iterator[DirectEdit]:
    """An object has another name. Where there is one that is called so, the two are one: of two
    masks in a frame, the one that a person made stays, or else the surer one."""
    known = [label.name for label in now.objects]
    if old not in known or old == new:
        return
    there = now.named(new)
    if there in (None, old):
        yield RenameObject(old, new)
        return
    new = there
    target = any(label.target for label in now.objects if label.name in (old, new))
    kept = (label for label in now.objects if label.name != old)
    yield from naming(
        now, [ObjectLabel(k.name, target if k.name == new else k.target) for k in kept]
    )
    if synonyms := now.called(old)[1:]:
        yield SetSynonyms(new, (*now.called(new)[1:], *synonyms))
    yield from _moved(now, old, new)


def _moved(now: Snapshot, old: str, new: str) -> Iterator[DirectEdit]:
    """The masks of one object, and their prompts, become another one's."""
    for (camera, frame, name), record in now.masks.items():
        there = now.masks.get((camera, frame, new))
        if name != old or (there and (there.by_person, there.confidence) >=
                           (record.by_person, record.confidence)):  # fmt: skip
            continue
        if there and there.locked:
            continue
        yield SetMask(camera, frame, new, record)
        yield from map(RemovePrompt, prompts_at(now, camera, frame, new))
        for prompt in prompts_at(now, camera, frame, old):
            yield AddPrompt(replace(prompt, object=new))


def _after(now: Snapshot, edits: Sequence[DirectEdit]) -> Snapshot:
    draft = Draft.of(now)
    for edit in edits:
        edit.change(draft)
    return draft.finished(now.revision)
