"""What differs between two states of labels: as edits, and as a page needs to hear it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ..datasets.labels.edits import (
    AddComment,
    AddPrompt,
    DeleteMask,
    DirectEdit,
    Edit,
    LockMask,
    MaskKey,
    RemoveComment,
    RemovePrompt,
    RenameObject,
    SetInstruction,
    SetMask,
    SetObjects,
    SetParaphrases,
    SetPartly,
    SetReview,
    SetSegments,
    SetSuccess,
    SetSynonyms,
)
from ..datasets.labels.label_values import Comment, Prompt
from ..datasets.labels.masks import MaskRecord, Rle, encode
from ..datasets.labels.origins import Origin, Origins
from ..datasets.labels.snapshot import Draft, Snapshot
from .propagation.interface import Found
from .segmenters.interface import Candidate
from .subtasks import parts_of
from .take_frames import Recorded
from .updates import (
    Patch,
    RunLengths,
    ShownChoice,
    ShownComment,
    ShownMask,
    ShownObject,
    ShownPrompt,
    Steps,
)

Item = TypeVar("Item")
_FIELDS: Mapping[str, type[Edit]] = {
    "instruction": SetInstruction,
    "paraphrases": SetParaphrases,
    "objects": SetObjects,
    "segments": SetSegments,
    "success": SetSuccess,
    "partly": SetPartly,
    "review": SetReview,
}


@dataclass(frozen=True, slots=True)
class EditResult:
    """One saved revision, and which masks it touched."""

    revision: int
    places: frozenset[MaskKey] = frozenset()
    segmenter_s: float = 0.0  # time spent looking at pixels
    choice: ShownChoice | None = None  # of the click that was made
    stands_in: bool = False  # whether a better mask is to come


def changed_places(before: Snapshot, after: Snapshot) -> frozenset[MaskKey]:
    """Places whose masks differ between two snapshots."""
    places = before.masks.keys() | after.masks.keys()
    return frozenset(p for p in places if before.masks.get(p) != after.masks.get(p))


def difference(now: Snapshot, wanted: Snapshot) -> list[Edit]:
    """Edits that make ``now`` be as ``wanted`` in the named fields and in masks."""
    renaming = _renaming(now, wanted)
    if renaming is not None:
        return [renaming, *difference(_after(now, renaming), wanted)]
    fewer, more = _synonym_edits(now, wanted)
    replaced = [
        make(getattr(wanted, name))  # type: ignore[call-arg]
        for name, make in _FIELDS.items()
        if getattr(now, name) != getattr(wanted, name)
    ]
    edits: list[Edit] = [*fewer, *replaced, *more]
    edits += _item_edits(now.prompts, wanted.prompts, RemovePrompt, AddPrompt)
    edits += _item_edits(now.comments, wanted.comments, RemoveComment, AddComment)
    for place in sorted(changed_places(now, wanted)):
        edits += _mask_edits(place, now.masks.get(place), wanted.masks.get(place))
    return edits


def _renaming(now: Snapshot, wanted: Snapshot) -> RenameObject | None:
    """One object has another name: then what others said of it since goes with it."""
    pairs = list(zip(now.objects, wanted.objects, strict=False))
    changed = [(old.name, new.name) for old, new in pairs if old.name != new.name]
    known = {label.name for label in (*now.objects, *wanted.objects)}
    one = len(changed) == 1 and len(now.objects) == len(wanted.objects) == len(known) - 1
    return RenameObject(*changed[0]) if one else None


def _after(now: Snapshot, edit: DirectEdit) -> Snapshot:
    draft = Draft.of(now)
    edit.change(draft)
    return draft.finished(now.revision)


def _synonym_edits(now: Snapshot, wanted: Snapshot) -> tuple[list[Edit], list[Edit]]:
    """What is no longer said, by which another object may be called then; and what is said anew."""
    fewer: list[Edit] = []
    more: list[Edit] = []
    for name in [label.name for label in wanted.objects]:
        before, after = now.called(name)[1:], wanted.called(name)[1:]
        both = tuple(each for each in before if each in after)
        fewer += [SetSynonyms(name, both)] if both != before else []
        more += [SetSynonyms(name, after)] if after != both else []
    return fewer, more


def _item_edits(
    now: Sequence[Item],
    wanted: Sequence[Item],
    remove: Callable[[Item], Edit],
    add: Callable[[Item], Edit],
) -> list[Edit]:
    left, missing = list(now), []
    for item in wanted:
        if item in left:
            left.remove(item)
        else:
            missing.append(item)
    return [*map(remove, left), *map(add, missing)]


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
        if before is not None and before.by_person:
            continue
        record = MaskRecord(rle=one.rle, source=one.source, confidence=one.confidence)
        edits.append(SetMask(camera, frame, name, record))
    return edits


def shown_choice(click: Prompt, candidates: Sequence[Candidate]) -> ShownChoice | None:
    """Where a click may mean several masks."""
    if len(candidates) < 2:
        return None
    return ShownChoice(
        camera=click.camera,
        frame=click.frame,
        object=click.object,
        chosen=click.choice % len(candidates),
        masks=[run_lengths(encode(each.mask)) for each in candidates],
    )


def patch(
    before: Snapshot,
    after: Snapshot,
    recorded: Recorded,
    steps: Steps,
    change: EditResult | None = None,
    origins: Origins | None = None,
) -> Patch:
    """What a page that shows ``before`` needs to show ``after``; masks as run lengths.
    ``origins``: what is known of what masks were found by."""
    shown = [
        _shown_mask(place, record, origins and origins.of(*place[:2], record))
        for place, record in after.masks.items()
        if before.masks.get(place) is not record
    ]
    return Patch(
        **steps.model_dump(),
        revision=after.revision,
        base_revision=before.revision,
        instruction=recorded.instruction if after.instruction is None else after.instruction,
        paraphrases=list(after.paraphrases),
        objects=_shown_objects(after),
        prompts=[_shown_prompt(each) for each in after.prompts],
        segments=parts_of(after.segments, recorded.tick_ns),
        success=after.success,
        partly=after.partly,
        review=after.review,
        comments=[_shown_comment(each) for each in after.comments],
        masks=shown,
        removed=[place for place in before.masks if place not in after.masks],
        segmenter_ms=1000 * change.segmenter_s if change else 0.0,
        choice=change.choice if change else None,
    )


def _shown_objects(said: Snapshot) -> list[ShownObject]:
    return [
        ShownObject(
            name=each.name, target=each.target, synonyms=list(said.synonyms.get(each.name, ()))
        )
        for each in said.objects
    ]


def _shown_mask(place: MaskKey, record: MaskRecord, origin: Origin | None) -> ShownMask:
    camera, frame, name = place
    return ShownMask(
        camera=camera,
        frame=frame,
        object=name,
        rle=run_lengths(record.rle),
        source=record.source.value,
        confidence=round(float(record.confidence), 3),
        locked=record.locked,
        origin=origin,
    )


def run_lengths(rle: Rle) -> RunLengths:
    """For a page."""
    return RunLengths(height=rle.height, width=rle.width, counts=rle.counts)


def _shown_comment(comment: Comment) -> ShownComment:
    return ShownComment(
        author=comment.author, time=comment.time, review=comment.review, text=comment.text
    )


def _shown_prompt(prompt: Prompt) -> ShownPrompt:
    return ShownPrompt(
        camera=prompt.camera,
        frame=prompt.frame,
        object=prompt.object,
        kind=prompt.kind,
        values=[] if prompt.by_hand else list(prompt.values),
        positive=prompt.positive,
    )
