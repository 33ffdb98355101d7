"""Labels a whole take from a few clicks and the robot's own motion, with nobody watching."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..datasets.labels.edits import AddPrompt, Edit, SetObjects
from ..datasets.labels.label_values import ObjectLabel, Prompt
from ..datasets.labels.labels import Labels
from ..datasets.labels.masks import area
from ..datasets.labels.snapshot import Snapshot
from .diff import found_edits
from .errors import NothingPrompted
from .propagation.classical.propagator import ClassicalPropagator
from .propagation.interface import Found, FrameKey, Propagator, Track
from .propagation.keyframes import TimedClick, click_keyframes, grasp_keyframe, reject_outliers
from .take_frames import TakeFrames


@dataclass(frozen=True, slots=True)
class LabelReport:
    """What was labelled."""

    frames: Mapping[str, int]  # camera -> frames that now have a mask, empty ones included
    visible: Mapping[str, int]  # camera -> frames in which the object is seen
    mean_confidence: float


def label_take(
    take_folder: Path,
    *,
    clicks: Mapping[str, Sequence[TimedClick]],
    object_name: str,
    use_grasp: bool = True,
    author: str = "labeler",
    propagator: Propagator | None = None,
) -> LabelReport:
    """Masks of one object in every frame of every camera, written as one revision.

    Args:
        take_folder: holds `take.h5`; labels go beside it.
        clicks: camera -> (frame, x, y, positive), a few for each camera, or none where the
            object is grasped.
        object_name: or one of its synonyms; becomes the target if the take's labels have none yet.
        use_grasp: whether the object is what the hand grasps in this take.
        author: for the edit log.
        propagator: None: the classical one.

    Masks that a person locked stay as they are. Raises NothingPrompted when neither clicks
    nor a grasp tell which object is meant, and what reading a take may raise.
    """
    labels = Labels.open(take_folder)
    object_name = labels.snapshot.named(object_name) or object_name
    with TakeFrames.open(take_folder) as take_frames:
        keyframes = click_keyframes(take_frames, clicks)
        seed = grasp_keyframe(take_frames, keyframes) if use_grasp else None
        keyframes = reject_outliers(take_frames, [*keyframes, *([seed] if seed else [])])
        if not keyframes:
            raise NothingPrompted
        track = Track(object_name, tuple(keyframes), use_grasp)
        follow = (propagator or ClassicalPropagator()).propagate
        found = follow(take_frames, [track], lambda share: None, lambda: False)[object_name]
    drawn = {a.place: Found.of(a.mask, a.confidence, a.source) for a in keyframes}
    masks = {**drawn, **found}
    edits = _edits(labels.snapshot, clicks, object_name, masks)
    labels.apply(edits, labels.revision, author)
    return _report(masks, found)


def _edits(
    snapshot: Snapshot,
    clicks: Mapping[str, Sequence[TimedClick]],
    name: str,
    masks: Mapping[FrameKey, Found],
) -> list[Edit]:
    edits: list[Edit] = []
    if name not in [label.name for label in snapshot.objects]:
        label = ObjectLabel(name, target=not snapshot.targets)
        edits.append(SetObjects((*snapshot.objects, label)))
    for camera, points in clicks.items():
        for frame, x, y, positive in points:
            values = (float(x), float(y))
            prompt = Prompt(
                camera=camera, frame=frame, object=name, kind="point", values=values,
                positive=positive,
            )  # fmt: skip
            edits.append(AddPrompt(prompt))
    return edits + found_edits(snapshot, name, masks)


def _report(masks: Mapping[FrameKey, Found], found: Mapping[FrameKey, Found]) -> LabelReport:
    cameras = sorted({camera for camera, _ in masks})
    seen = [camera for (camera, _), one in masks.items() if area(one.rle)]
    sure = [one.confidence for one in found.values()]
    return LabelReport(
        {name: sum(camera == name for camera, _ in masks) for name in cameras},
        {name: seen.count(name) for name in cameras},
        float(np.mean(sure)),
    )
