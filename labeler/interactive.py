"""From prompts in the labels to the mask that they give."""

from collections.abc import Callable, Sequence

from ..datasets.labels.edits import Prompt, Snapshot
from ..datasets.labels.masks import MaskSource, decode
from .errors import NoSuchFrame
from .propagation.classical.object_model import Keyframe, learn_colours
from .segmenters.classical.colours import ColourModel
from .segmenters.classical.segmenter import ClassicalSegmenter
from .segmenters.interface import Box, Click, Prompts, Segmentation, Segmenter
from .take_frames import TakeFrames

_OTHERS = 3  # masks of other frames that say what colours to look for

MakeSegmenter = Callable[[ColourModel | None], Segmenter]


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


def drawn(snapshot: Snapshot, name: str) -> list[Keyframe]:
    """Masks of the object that people made or locked."""
    return [
        Keyframe(camera, frame, decode(record.rle), record.source)
        for (camera, frame, of), record in snapshot.masks.items()
        if of == name and (record.locked or record.source == MaskSource.HUMAN)
    ]


def segment(
    take_frames: TakeFrames,
    snapshot: Snapshot,
    prompt: Prompt,
    make: MakeSegmenter = ClassicalSegmenter,
) -> Segmentation:
    """The mask of all prompts of the prompt's object and frame, itself included.

    What people drew follows from the prompts alone, so it is made anew; a propagated mask is
    what a first click corrects. Raises NoSuchFrame, NothingPrompted.
    """
    camera, frame, name = prompt.camera, prompt.frame, prompt.object
    if camera not in take_frames.cameras or not 0 <= frame < take_frames.count(camera):
        raise NoSuchFrame(camera, frame)
    record = snapshot.masks.get((camera, frame, name))
    made_anew = record is None or record.source == MaskSource.HUMAN
    previous = None if made_anew or record is None else decode(record.rle)
    others = [a for a in drawn(snapshot, name) if a.place != (camera, frame) and a.mask.any()]
    nearest = sorted(others, key=lambda a: (a.camera != camera, abs(a.index - frame)))
    colours = learn_colours(take_frames, nearest[:_OTHERS]) if others else None
    segmenter = make(colours)
    segmenter.set_image(take_frames.image(camera, frame))
    said = [*prompts_at(snapshot, camera, frame, name), prompt]
    return segmenter.segment(_as_prompts(said), previous)


def _as_prompts(said: Sequence[Prompt]) -> Prompts:
    """Clicks of all prompts, and the last box."""
    clicks = tuple(Click(p.values[0], p.values[1], p.positive) for p in said if p.kind == "point")
    boxes = [p.values for p in said if p.kind == "box"]
    if not boxes:
        return Prompts(clicks)
    left, top, right, bottom = boxes[-1]
    return Prompts(clicks, (left, top, right, bottom))
