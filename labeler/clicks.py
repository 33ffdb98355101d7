"""One click of several, moved elsewhere or taken away: the mask follows from those that there are
then, as if it had never been made."""

from dataclasses import replace

from ..datasets.labels.edits import DeleteMask, Edit, RemovePrompt, SetMask
from ..datasets.labels.item_edits import without_last
from ..datasets.labels.label_values import Prompt
from ..datasets.labels.masks import MaskRecord, MaskSource, encode
from ..datasets.labels.snapshot import Snapshot
from .interactive import ImageSegmenters, prompt_edits, prompts_at, segment
from .segmenters.interface import Segmentation
from .take_frames import TakeFrames

Changed = tuple[list[Edit], Segmentation | None]
NOTHING: Changed = ([], None)


def moved(
    take_frames: TakeFrames,
    now: Snapshot,
    click: Prompt,
    to: tuple[float, float],
    segmenters: ImageSegmenters,
    name: str,
) -> Changed:
    """A click is at another pixel; nothing where somebody took it away meanwhile. Raises as
    ``segment``."""
    found = _kept(now, click)
    if found is None:
        return NOTHING
    rest = without(now, found)
    there = replace(found, values=to)
    looked = segment(take_frames, rest, there, segmenters, name)
    return [RemovePrompt(found), *prompt_edits(rest, there, looked)], looked


def removed(
    take_frames: TakeFrames, now: Snapshot, click: Prompt, segmenters: ImageSegmenters, name: str
) -> Changed:
    """A click is gone, and with the last one the mask. Raises as ``segment``."""
    found = _kept(now, click)
    if found is None:
        return NOTHING
    place = click.camera, click.frame, click.object
    rest, before = without(now, found), now.masks.get(place)
    left = prompts_at(rest, *place)
    if not left:
        gone = [DeleteMask(*place)] if before is not None else []
        return [RemovePrompt(found), *gone], None
    looked = segment(take_frames, without(rest, left[-1]), left[-1], segmenters, name)
    locked = before is not None and before.locked
    mask = MaskRecord(
        rle=encode(looked.mask),
        source=MaskSource.HUMAN,
        confidence=looked.confidence,
        locked=locked,
    )
    return [RemovePrompt(found), SetMask(*place, mask)], looked


def _kept(now: Snapshot, click: Prompt) -> Prompt | None:
    """The click as it was made, positive or not."""
    here = prompts_at(now, click.camera, click.frame, click.object)
    alike = [each for each in here if (each.kind, each.values) == ("point", click.values)]
    return alike[-1] if alike else None


def without(now: Snapshot, prompt: Prompt) -> Snapshot:
    """As if that had never been said."""
    return replace(now, prompts=without_last(now.prompts, prompt))
