"""What the history of a take's labels tells of the work: how long it took, and how far two people
agree."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations, pairwise

from ..datasets.labels.edit_log import Entry
from ..datasets.labels.edits import AddPrompt, RenameObject, SetMask
from ..datasets.labels.masks import MaskKey, Rle, WrongMask, iou
from ..runtime.validation import StrictModel

PAUSE_S = 60.0  # longer ones are no work


class WorkDone(StrictModel):
    """One person's part."""

    author: str
    seconds: float
    """Between changes, without pauses of more than a minute."""
    changes: int


class LabelStatistics(StrictModel):
    """Of one take."""

    work: list[WorkDone]
    """Of each author, who changed most first."""
    agreement: float | None
    """Mean IoU of masks that two people made of one object in one frame; None where nobody did."""
    compared: int
    """How many pairs of masks that is of."""


def label_statistics(history: Sequence[Entry]) -> LabelStatistics:
    """Of all revisions of a take's labels, the oldest first."""
    shares = list(_agreements(_masks_of_people(history)))
    return LabelStatistics(
        work=_work(history),
        agreement=sum(shares) / len(shares) if shares else None,
        compared=len(shares),
    )


def _work(history: Sequence[Entry]) -> list[WorkDone]:
    times: dict[str, list[datetime]] = defaultdict(list)
    for entry in history:
        times[entry.author].append(datetime.fromisoformat(entry.time))
    work = [
        WorkDone(author=author, seconds=_active_s(moments), changes=len(moments))
        for author, moments in times.items()
    ]
    return sorted(work, key=lambda each: -each.changes)


def _active_s(moments: Sequence[datetime]) -> float:
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    return sum(gap for gap in gaps if 0 <= gap <= PAUSE_S)


def _masks_of_people(history: Sequence[Entry]) -> Mapping[MaskKey, Mapping[str, Rle]]:
    """By place, the last mask that each author made there."""
    last: dict[MaskKey, dict[str, Rle]] = defaultdict(dict)
    for entry in history:
        prompted = {_place(edit) for edit in entry.edits if isinstance(edit, AddPrompt)}
        for edit in entry.edits:
            if isinstance(edit, RenameObject):
                _rename(last, edit)
            elif isinstance(edit, SetMask) and edit.mask.source.is_person:
                known = last[edit.place]
                came_back = edit.mask.rle in known.values() and edit.place not in prompted
                if not came_back:  # by an undo, whoever made it before
                    known[entry.author] = edit.mask.rle
    return last


def _place(edit: AddPrompt) -> MaskKey:
    return edit.prompt.camera, edit.prompt.frame, edit.prompt.object


def _rename(last: dict[MaskKey, dict[str, Rle]], edit: RenameObject) -> None:
    for camera, frame, name in [place for place in last if place[2] == edit.object]:
        last[camera, frame, edit.name] = last.pop((camera, frame, name))


def _agreements(masks: Mapping[MaskKey, Mapping[str, Rle]]) -> Iterator[float]:
    for by_author in masks.values():
        for one, other in combinations(by_author.values(), 2):
            try:
                yield iou(one, other)
            except WrongMask:  # of another size: nothing can be said
                continue
