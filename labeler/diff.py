"""Edits of labels: what a propagation writes, and what takes a change back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..datasets.labels.edits import (
    AddPrompt,
    DeleteMask,
    Edit,
    LockMask,
    MaskKey,
    Prompt,
    RemovePrompt,
    SetInstruction,
    SetMask,
    SetObjects,
    SetParaphrases,
    SetReview,
    SetSegments,
    SetSuccess,
    Snapshot,
)
from ..datasets.labels.masks import MaskRecord, MaskSource, encode
from .propagation.interface import Found

_FIELDS: Mapping[str, type[Edit]] = {
    "instruction": SetInstruction,
    "paraphrases": SetParaphrases,
    "objects": SetObjects,
    "segments": SetSegments,
    "success": SetSuccess,
    "review": SetReview,
}


@dataclass(frozen=True, slots=True)
class EditResult:
    """One saved revision, and which masks it touched."""

    revision: int
    places: frozenset[MaskKey] = frozenset()
    segmenter_s: float = 0.0  # time spent looking at pixels


def changed_places(before: Snapshot, after: Snapshot) -> frozenset[MaskKey]:
    """Places whose masks differ between two snapshots."""
    places = before.masks.keys() | after.masks.keys()
    return frozenset(p for p in places if before.masks.get(p) != after.masks.get(p))


def difference(now: Snapshot, wanted: Snapshot, places: Iterable[MaskKey]) -> list[Edit]:
    """Edits that make ``now`` be as ``wanted`` in the named fields and in masks at places."""
    edits: list[Edit] = [
        make(getattr(wanted, name))  # type: ignore[call-arg]
        for name, make in _FIELDS.items()
        if getattr(now, name) != getattr(wanted, name)
    ]
    edits += _prompt_edits(now.prompts, wanted.prompts)
    for place in sorted(places):
        edits += _mask_edits(place, now.masks.get(place), wanted.masks.get(place))
    return edits


def _prompt_edits(now: tuple[Prompt, ...], wanted: tuple[Prompt, ...]) -> list[Edit]:
    left, missing = list(now), []
    for prompt in wanted:
        if prompt in left:
            left.remove(prompt)
        else:
            missing.append(prompt)
    return [*map(RemovePrompt, left), *map(AddPrompt, missing)]


def _mask_edits(place: MaskKey, now: MaskRecord | None, wanted: MaskRecord | None) -> list[Edit]:
    if now == wanted:
        return []
    if wanted is None:
        return [DeleteMask(*place)]
    # A lock guards against programs; an undo is a person's doing
    unlock: list[Edit] = [LockMask(*place, False)] if now is not None and now.locked else []
    return [*unlock, SetMask(*place, wanted)]


def found_edits(
    snapshot: Snapshot, name: str, found: Mapping[tuple[str, int], Found]
) -> list[Edit]:
    """Propagated masks of one object, where no person drew or locked one."""
    edits: list[Edit] = []
    for (camera, frame), one in sorted(found.items(), key=lambda item: item[0]):
        before = snapshot.masks.get((camera, frame, name))
        if before is not None and (before.locked or before.source == MaskSource.HUMAN):
            continue
        record = MaskRecord(rle=encode(one.mask), source=one.source, confidence=one.confidence)
        edits.append(SetMask(camera, frame, name, record))
    return edits
