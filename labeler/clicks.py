"""One click, moved elsewhere, taken away, or meaning another mask: the mask follows from all that
is said then, as if it had never been said otherwise."""

from dataclasses import replace

import numpy as np

from ..datasets.labels.edits import DeleteMask, MaskKey, RemovePrompt, SetMask
from ..datasets.labels.item_edits import without_last
from ..datasets.labels.label_values import Prompt
from ..datasets.labels.snapshot import Snapshot
from .drawing import drawn_over
from .errors import NothingToChoose, StillLooking
from .interactive import (
    NOTHING,
    ImageSegmenters,
    Looked,
    prompt_edits,
    prompted_mask,
    segment,
    segment_said,
)
from .prompts import lone_click, prompts_at
from .segmenters.interface import Segmentation
from .take_frames import TakeFrames


def chosen(
    take_frames: TakeFrames,
    now: Snapshot,
    place: MaskKey,
    segmenters: ImageSegmenters,
    name: str,
) -> Looked:
    """The only click in a frame means the next of the masks that it may mean.

    Raises NothingToChoose, StillLooking, and as ``segment``.
    """
    click = lone_click(now, place)
    turned = replace(click, choice=click.choice + 1)
    looked = _instead(take_frames, now, click, turned, segmenters, name)
    if looked.found is None or not looked.found.candidates:
        looks = looked.found is not None and looked.found.stands_in
        raise StillLooking if looks else NothingToChoose(lone=True)
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
    """A click is gone, and with the last one the mask, but for what was drawn by hand. Raises as
    ``segment``."""
    kept = _kept(now, click)
    if kept is None:
        return NOTHING
    place = click.camera, click.frame, click.object
    rest, before = _without(now, kept), now.masks.get(place)
    left = prompts_at(rest, *place)
    pointed = [prompt for prompt in left if not prompt.by_hand]
    if pointed:
        found = segment_said(take_frames, rest, left, pointed[-1], segmenters, name)
        mask = prompted_mask(now, place, left, found)
        return Looked([RemovePrompt(kept), SetMask(*place, mask)], pointed[-1], found)
    drawn = drawn_over(np.zeros(take_frames.shape(click.camera), bool), left)
    if drawn.any():
        mask = prompted_mask(now, place, left, Segmentation(drawn, 1.0))
        return Looked([RemovePrompt(kept), SetMask(*place, mask)])
    gone = [DeleteMask(*place)] if before is not None else []
    return Looked([RemovePrompt(kept), *map(RemovePrompt, left), *gone])


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
