"""From prompts in the labels to the mask that they give."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock

from ..datasets.labels.edits import AddPrompt, Edit, MaskKey, SetMask, SetObjects
from ..datasets.labels.label_values import ObjectLabel, Prompt
from ..datasets.labels.masks import MaskRecord, MaskSource, decode, encode
from ..datasets.labels.snapshot import Snapshot
from .drawing import drawn_over
from .errors import NoSuchFrame, NothingLeft
from .methods import Methods
from .prompts import as_prompts, counting, prompts_at, says_where
from .propagation.interface import Keyframe
from .segmenters.interface import (
    Example,
    Files,
    KeepingSegmenter,
    LookingSegmenter,
    Segmentation,
    Segmenter,
)
from .take_frames import TakeFrames

_OTHERS = 3  # masks of other frames that say what to look for
_KEPT = 4  # segmenters with their images


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """What is to be saved, and the prompt and the mask that were looked for, where any was."""

    edits: list[Edit]
    prompt: Prompt | None = None
    found: Segmentation | None = None


NOTHING = Looked([])


def prompt_edits(snapshot: Snapshot, prompt: Prompt, found: Segmentation) -> list[Edit]:
    """Keep a prompt and the mask that it gave; an object that is new becomes known by it."""
    place = (prompt.camera, prompt.frame, prompt.object)
    record = prompted_mask(snapshot, place, [*prompts_at(snapshot, *place), prompt], found)
    return [*knowing(snapshot, prompt.object), AddPrompt(prompt), SetMask(*place, record)]


def prompted_mask(
    snapshot: Snapshot, place: MaskKey, said: Sequence[Prompt], found: Segmentation
) -> MaskRecord:
    """The mask that prompts gave; a lock that was there stays, but for that of a model's mask,
    which somebody took as it was."""
    before = snapshot.masks.get(place)
    drawn_on = any(prompt.by_hand for prompt in counting(said))
    return MaskRecord(
        rle=encode(found.mask),
        source=MaskSource.DRAWN if drawn_on else MaskSource.HUMAN,
        confidence=found.confidence,
        locked=before is not None and before.locked and before.source != MaskSource.MODEL,
    )


def knowing(snapshot: Snapshot, name: str) -> list[Edit]:
    """Make a new object known; the first one is the target."""
    if name in [label.name for label in snapshot.objects]:
        return []
    label = ObjectLabel(name, target=not snapshot.targets)
    return [SetObjects((*snapshot.objects, label))]


def drawn(snapshot: Snapshot, name: str) -> list[Keyframe]:
    """Masks of the object that people made or locked, where it is to be seen."""
    return [
        Keyframe(camera, frame, decode(record.rle), record.source)
        for (camera, frame, of), record in snapshot.masks.items()
        if of == name and record.by_person and not record.hidden
    ]


class ImageSegmenters:
    """Segmenters that have their image set already: what one computed of it serves all clicks.

    ``stand_in``: name of the one that answers while another looks at its image; without it,
    whoever clicks waits. ``files``: where those that can keep what they saw of the take.
    """

    def __init__(
        self,
        take_frames: TakeFrames,
        methods: Methods,
        stand_in: str | None = None,
        files: Files | None = None,
    ) -> None:
        self._take_frames = take_frames
        self._methods = methods
        self._stand_in = stand_in
        self._files = files
        self._kept: OrderedDict[tuple[str, str, int], Segmenter] = OrderedDict()
        self._lock = Lock()

    def at(self, camera: str, frame: int, name: str) -> Segmenter:
        """The segmenter of that name over one frame."""
        key = (name, camera, frame)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._made(camera, frame, name)
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def look(self, camera: str, frame: int, name: str) -> None:
        """Have one look at a frame, for as long as it takes."""
        segmenter = self.at(camera, frame, name)
        if isinstance(segmenter, LookingSegmenter) and not segmenter.ready:
            self._methods.look_times.measured(name, lambda: segmenter.look() is None)

    def look_ahead(self, camera: str, frame: int, name: str, may_go_on: Callable[[], bool]) -> bool:
        """Have one that keeps what it saw look at a frame in which nobody clicked yet; whether that
        is done, see ``KeepingSegmenter``. There is nothing to do for others."""
        segmenter = self._made(camera, frame, name)
        if not isinstance(segmenter, KeepingSegmenter) or segmenter.ready:
            return True
        look = partial(segmenter.look_ahead, may_go_on)
        return self._methods.look_times.measured(name, look)

    def _made(self, camera: str, frame: int, name: str) -> Segmenter:
        segmenter = self._methods.segmenter(name)
        if self._files is not None and isinstance(segmenter, KeepingSegmenter):
            segmenter.keep_in(self._files)
        segmenter.set_image(self._take_frames.image(camera, frame))
        return segmenter

    def forget(self) -> None:
        """Make all of them anew when they are asked for again."""
        with self._lock:
            self._kept.clear()

    def at_once(self, camera: str, frame: int, name: str) -> tuple[Segmenter, bool]:
        """The one that answers now, and whether it stands in for that of the name."""
        wanted = self.at(camera, frame, name)
        late = isinstance(wanted, LookingSegmenter) and not wanted.ready
        if not late or self._stand_in is None:
            return wanted, False
        return self.at(camera, frame, self._stand_in), True


def segment(
    take_frames: TakeFrames,
    snapshot: Snapshot,
    prompt: Prompt,
    segmenters: ImageSegmenters,
    name: str = "",
) -> Segmentation:
    """The mask of all prompts of the prompt's object and frame, itself included as the last one.
    Raises as ``segment_said``."""
    said = prompts_at(snapshot, prompt.camera, prompt.frame, prompt.object)
    return segment_said(take_frames, snapshot, [*said, prompt], prompt, segmenters, name)


def segment_said(
    take_frames: TakeFrames,
    snapshot: Snapshot,
    said: Sequence[Prompt],
    newest: Prompt,
    segmenters: ImageSegmenters,
    name: str,
) -> Segmentation:
    """The mask of prompts of one object and frame in their order, of which ``newest`` is a click or
    a box.

    What people clicked follows from the prompts alone, so it is made anew; a propagated mask, and
    one that was only drawn by hand, is what a first click corrects, and further ones while all say
    only what does not belong to it. What was drawn by hand is drawn over the mask again.
    Raises NoSuchFrame, NothingPrompted, NothingLeft, and what choosing the segmenter ``name`` may
    raise.
    """
    camera, frame = newest.camera, newest.frame
    if camera not in take_frames.cameras or not 0 <= frame < take_frames.count(camera):
        raise NoSuchFrame(camera, frame)
    record = snapshot.masks.get((camera, frame, newest.object))
    before = [prompt for prompt in said if prompt is not newest]
    previous = None if record is None or _made_anew(record, before, newest) else decode(record.rle)
    examples = _examples(take_frames, snapshot, newest)
    segmenter, stands_in = segmenters.at_once(camera, frame, name)
    found = _drawn_on(segmenter.segment(as_prompts(said), previous, examples), said)
    if not found.mask.any():
        raise NothingLeft(newest.positive)
    return replace(found, stands_in=stands_in)


def segmented_again(
    take_frames: TakeFrames, snapshot: Snapshot, place: MaskKey, segmenter: Segmenter
) -> Looked:
    """The mask of what was said of an object in one frame, made anew; nothing where that is none
    of a person's any more, or locked."""
    record, said = snapshot.masks.get(place), prompts_at(snapshot, *place)
    pointed = [prompt for prompt in said if not prompt.by_hand]
    if not pointed or record is None or record.locked or not record.source.is_person:
        return NOTHING
    previous = None if says_where(said) else decode(record.rle)
    examples = _examples(take_frames, snapshot, pointed[-1])
    found = _drawn_on(segmenter.segment(as_prompts(said), previous, examples), said)
    if not found.mask.any():
        return NOTHING
    anew = replace(record, rle=encode(found.mask), confidence=found.confidence)
    return Looked([] if anew == record else [SetMask(*place, anew)], pointed[-1], found)


def _examples(take_frames: TakeFrames, snapshot: Snapshot, prompt: Prompt) -> list[Example]:
    """The nearest other frames in which people drew the object."""
    here = (prompt.camera, prompt.frame)
    others = [a for a in drawn(snapshot, prompt.object) if a.place != here]
    nearest = sorted(others, key=lambda a: (a.camera != here[0], abs(a.index - here[1])))
    return [take_frames.example(*other.place, other.mask) for other in nearest[:_OTHERS]]


def _made_anew(record: MaskRecord, before: Sequence[Prompt], newest: Prompt) -> bool:
    """Whether what is said gives the mask, and not the one that is there."""
    if not record.source.is_person:
        return False
    if record.source == MaskSource.DRAWN and newest.kind == "box":
        return True
    clicked = any(not prompt.by_hand for prompt in before)
    return says_where(before) if clicked else record.source != MaskSource.DRAWN


def _drawn_on(found: Segmentation, said: Sequence[Prompt]) -> Segmentation:
    """With what was drawn by hand, of which nothing is left to be chosen."""
    those = counting(said)
    if not any(prompt.by_hand for prompt in those):
        return found
    return replace(found, mask=drawn_over(found.mask, those), candidates=())
