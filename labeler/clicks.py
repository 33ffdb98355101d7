"""One click, moved elsewhere, taken away, or meaning another mask: the mask follows from all that
is said then, as if it had never been said otherwise."""

from dataclasses import replace

from ..datasets.labels.edits import DeleteMask, MaskKey, RemovePrompt, SetMask
from ..datasets.labels.item_edits import without_last
from ..datasets.labels.label_values import Prompt
from ..datasets.labels.masks import MaskRecord, MaskSource, encode
from ..datasets.labels.snapshot import Snapshot
from .errors import NothingToChoose
from .interactive import (
    NOTHING,
    ImageSegmenters,
    Looked,
    lone_click,
    prompt_edits,
    prompts_at,
    segment,
)
from .take_frames import TakeFrames


def chosen(
    take_frames: TakeFrames,
    now: Snapshot,
    place: MaskKey,
    segmenters: ImageSegmenters,
    name: str,
) -> Looked:
    """The only click in a frame means the next of the masks that it may mean.

    Raises NothingToChoose, and as ``segment``.
    """
    click = lone_click(now, place)
    turned = replace(click, choice=click.choice + 1)
    looked = _instead(take_frames, now, click, turned, segmenters, name)
    if looked.found is None or not looked.found.candidates:
        raise NothingToChoose(lone=True)
    return looked


def moved(
    take_frames: TakeFrames,
    now: Snapshot,
    click: Prompt,
    to: tuple[float, float],
    segmenters: ImageSegmenters,
    name: str,
) -> Looked:
    """A click is at another pixel; nothing where somebody took it away meanwhile. Raises as
    ``segment``."""
    kept = _kept(now, click)
    if kept is None:
        return NOTHING
    return _instead(take_frames, now, kept, replace(kept, values=to), segmenters, name)


def removed(
    take_frames: TakeFrames, now: Snapshot, click: Prompt, segmenters: ImageSegmenters, name: str
) -> Looked:
    """A click is gone, and with the last one the mask. Raises as ``segment``."""
    kept = _kept(now, click)
    if kept is None:
        return NOTHING
    place = click.camera, click.frame, click.object
    rest, before = _without(now, kept), now.masks.get(place)
    left = prompts_at(rest, *place)
    if not left:
        gone = [DeleteMask(*place)] if before is not None else []
        return Looked([RemovePrompt(kept), *gone])
    found = segment(take_frames, _without(rest, left[-1]), left[-1], segmenters, name)
    mask = MaskRecord(
        rle=encode(found.mask),
        source=MaskSource.HUMAN,
        confidence=found.confidence,
        locked=before is not None and before.locked,
    )
    return Looked([RemovePrompt(kept), SetMask(*place, mask)], left[-1], found)


def _instead(
    take_frames: TakeFrames,
    now: Snapshot,
    click: Prompt,
    other: Prompt,
    segmenters: ImageSegmenters,
    name: str,
) -> Looked:
    """One click in the place of another."""
    rest = _without(now, click)
    found = segment(take_frames, rest, other, segmenters, name)
    return Looked([RemovePrompt(click), *prompt_edits(rest, other, found)], other, found)


def _kept(now: Snapshot, click: Prompt) -> Prompt | None:
    """The click as it was made, positive or not."""
    here = prompts_at(now, click.camera, click.frame, click.object)
    alike = [each for each in here if (each.kind, each.values) == ("point", click.values)]
    return alike[-1] if alike else None


def _without(now: Snapshot, prompt: Prompt) -> Snapshot:
    """As if that had never been said."""
    return replace(now, prompts=without_last(now.prompts, prompt))
