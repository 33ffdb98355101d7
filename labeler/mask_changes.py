"""Changes of masks that need no look at a picture: taken away, locked, not to be seen."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from ..datasets.labels.edits import (
    AddPrompt,
    DeleteMask,
    DirectEdit,
    Edit,
    LockMask,
    RemovePrompt,
    SetMask,
    SetObjects,
)
from ..datasets.labels.label_values import ObjectLabel, Prompt
from ..datasets.labels.masks import MaskRecord, MaskSource, Rle, decode, encode
from ..datasets.labels.snapshot import Snapshot
from .drawing import drawn_over
from .errors import NoSuchObject, NothingLeft
from .interactive import knowing
from .prompts import prompts_at
from .propagation.interface import FrameKey


def clearing(now: Snapshot, places: Sequence[FrameKey], name: str) -> Iterator[Edit]:
    """The masks and the prompts of an object go in some frames."""
    for place in places:
        yield from map(RemovePrompt, prompts_at(now, *place, name))
        if (*place, name) in now.masks:
            yield DeleteMask(*place, name)


def locking(
    now: Snapshot, places: Collection[FrameKey], name: str | None, locked: bool
) -> Iterator[Edit]:
    """The masks of an object, or of all objects, in some frames are locked, or are not."""
    for mask in now.masks:
        if mask[:2] in places and name in (None, mask[2]):
            yield LockMask(*mask, locked)


def hiding(now: Snapshot, camera: str, frames: range, name: str, nothing: Rle) -> Iterator[Edit]:
    """An object is not to be seen in some frames of a camera, which is more than no mask: prompts
    there go, and locks stay. ``nothing``: an empty mask of the camera's size.

    Raises NoSuchObject.
    """
    if name not in [label.name for label in now.objects]:
        raise NoSuchObject(name)
    for frame in frames:
        place = camera, frame, name
        before = now.masks.get(place)
        yield from map(RemovePrompt, prompts_at(now, *place))
        locked = before is not None and before.locked
        wanted = MaskRecord(rle=nothing, source=MaskSource.HUMAN, locked=locked)
        if before != wanted:
            yield SetMask(*place, wanted)


def drawing(now: Snapshot, drawn: Prompt, shape: tuple[int, int]) -> list[Edit]:
    """A stroke or a polygon changes the mask that there is, or begins one of the camera's ``shape``
    (height, width); nothing where no pixel changes. Raises NothingLeft."""
    place = drawn.camera, drawn.frame, drawn.object
    record = now.masks.get(place)
    before = np.zeros(shape, bool) if record is None else decode(record.rle)
    after = drawn_over(before, [drawn])
    if np.array_equal(before, after):
        return []
    if not after.any():
        raise NothingLeft(positive=False)
    locked = record is not None and record.locked
    mask = MaskRecord(rle=encode(after), source=MaskSource.DRAWN, locked=locked)
    return [*knowing(now, drawn.object), AddPrompt(drawn), SetMask(*place, mask)]


def naming(now: Snapshot, objects: Sequence[ObjectLabel]) -> Iterator[DirectEdit]:
    """These are the objects; masks and prompts of those left out go."""
    kept = {label.name for label in objects}
    yield SetObjects(tuple(objects))
    yield from (DeleteMask(*place) for place in now.masks if place[2] not in kept)
    yield from (RemovePrompt(prompt) for prompt in now.prompts if prompt.object not in kept)
