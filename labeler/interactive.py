"""From prompts in the labels to the mask that they give."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock

from ..datasets.labels.edits import (
    AddPrompt,
    Edit,
    MaskKey,
    ObjectLabel,
    SetMask,
    SetObjects,
)
from ..datasets.labels.label_values import Prompt
from ..datasets.labels.masks import MaskRecord, MaskSource, decode, encode
from ..datasets.labels.snapshot import Snapshot
from .errors import NoSuchFrame, NothingLeft, NothingToChoose
from .methods import Methods
from .propagation.interface import Keyframe
from .segmenters.interface import (
    Box,
    Click,
    Example,
    Files,
    KeepingSegmenter,
    LookingSegmenter,
    Prompts,
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


def point(camera: str, frame: int, name: str, x: float, y: float, positive: bool) -> Prompt:
    """A click as the labels keep it."""
    return Prompt(
        camera=camera,
        frame=frame,
        object=name,
        kind="point",
        values=(float(x), float(y)),
        positive=positive,
    )


def box(camera: str, frame: int, name: str, corners: Box) -> Prompt:
    """A box between any two opposite corners as the labels keep it."""
    left, right = sorted((float(corners[0]), float(corners[2])))
    top, bottom = sorted((float(corners[1]), float(corners[3])))
    values = (left, top, right, bottom)
    return Prompt(camera=camera, frame=frame, object=name, kind="box", values=values)


def prompts_at(snapshot: Snapshot, camera: str, frame: int, name: str) -> list[Prompt]:
    """What was said about an object in one frame, in order."""
    place = (camera, frame, name)
    return [p for p in snapshot.prompts if (p.camera, p.frame, p.object) == place]


def lone_click(snapshot: Snapshot, place: MaskKey) -> Prompt:
    """All that was said about an object in one frame. Raises NothingToChoose where it is more."""
    said = prompts_at(snapshot, *place)
    if len(said) != 1 or said[0].kind != "point" or not said[0].positive:
        raise NothingToChoose(lone=False)
    return said[0]


def prompt_edits(snapshot: Snapshot, prompt: Prompt, found: Segmentation) -> list[Edit]:
    """Keep a prompt and the mask that it gave; an object that is new becomes known by it."""
    place = (prompt.camera, prompt.frame, prompt.object)
    before = snapshot.masks.get(place)
    record = MaskRecord(
        rle=encode(found.mask),
        source=MaskSource.HUMAN,
        confidence=found.confidence,
        locked=before is not None and before.locked,
    )
    edits: list[Edit] = [AddPrompt(prompt), SetMask(*place, record)]
    if prompt.object not in [label.name for label in snapshot.objects]:
        label = ObjectLabel(prompt.object, target=not snapshot.targets)
        edits.insert(0, SetObjects((*snapshot.objects, label)))
    return edits


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
    """The mask of all prompts of the prompt's object and frame, itself included.

    What people drew follows from the prompts alone, so it is made anew; a propagated mask is
    what a first click corrects, and further ones while all say only what does not belong to it.
    Raises NoSuchFrame, NothingPrompted, NothingLeft, and what choosing the segmenter ``name`` may
    raise.
    """
    camera, frame = prompt.camera, prompt.frame
    if camera not in take_frames.cameras or not 0 <= frame < take_frames.count(camera):
        raise NoSuchFrame(camera, frame)
    record = snapshot.masks.get((camera, frame, prompt.object))
    said = prompts_at(snapshot, camera, frame, prompt.object)
    alone = not said or _says_where(said)  # what is said gives the mask, and not the one before
    drawn_so = record is not None and record.source == MaskSource.HUMAN and alone
    previous = None if record is None or drawn_so else decode(record.rle)
    examples = _examples(take_frames, snapshot, prompt)
    segmenter, stands_in = segmenters.at_once(camera, frame, name)
    found = segmenter.segment(_as_prompts([*said, prompt]), previous, examples)
    if not found.mask.any():
        raise NothingLeft(prompt.positive)
    return replace(found, stands_in=stands_in)


def segmented_again(
    take_frames: TakeFrames, snapshot: Snapshot, place: MaskKey, segmenter: Segmenter
) -> Looked:
    """The mask of what was said of an object in one frame, made anew; nothing where that is none
    of a person's any more, or locked."""
    record, said = snapshot.masks.get(place), prompts_at(snapshot, *place)
    if not said or record is None or record.locked or record.source != MaskSource.HUMAN:
        return NOTHING
    previous = None if _says_where(said) else decode(record.rle)
    examples = _examples(take_frames, snapshot, said[-1])
    found = segmenter.segment(_as_prompts(said), previous, examples)
    if not found.mask.any():
        return NOTHING
    anew = replace(record, rle=encode(found.mask), confidence=found.confidence)
    return Looked([] if anew == record else [SetMask(*place, anew)], said[-1], found)


def _examples(take_frames: TakeFrames, snapshot: Snapshot, prompt: Prompt) -> list[Example]:
    """The nearest other frames in which people drew the object."""
    here = (prompt.camera, prompt.frame)
    others = [a for a in drawn(snapshot, prompt.object) if a.place != here]
    nearest = sorted(others, key=lambda a: (a.camera != here[0], abs(a.index - here[1])))
    return [take_frames.example(*other.place, other.mask) for other in nearest[:_OTHERS]]


def _says_where(said: Sequence[Prompt]) -> bool:
    """Whether prompts alone give a mask; else they are said of the one that is there."""
    return any(prompt.positive for prompt in said)


def _as_prompts(said: Sequence[Prompt]) -> Prompts:
    """The last box and the clicks after it: a box begins anew, whatever went wrong before."""
    boxes = [number for number, prompt in enumerate(said) if prompt.kind == "box"]
    after = said[boxes[-1] + 1 :] if boxes else said
    clicks = tuple(Click(p.values[0], p.values[1], p.positive, p.choice) for p in after)
    if not boxes:
        return Prompts(clicks)
    left, top, right, bottom = said[boxes[-1]].values
    return Prompts(clicks, (left, top, right, bottom))
