"""One take being labelled: every change is saved at once, and can be taken back."""

import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..datasets.labels.edits import (
    AddPrompt,
    DeleteMask,
    Edit,
    LockMask,
    ObjectLabel,
    Prompt,
    RemovePrompt,
    Segment,
    SetInstruction,
    SetMask,
    SetObjects,
    SetParaphrases,
    SetReview,
    SetSegments,
    SetSuccess,
    Snapshot,
)
from ..datasets.labels.labels import Labels
from ..datasets.labels.masks import MaskRecord, MaskSource, decode, encode
from .diff import EditResult, found_edits
from .errors import NothingPrompted
from .history import History
from .interactive import MakeSegmenter, box, drawn, point, prompts_at, segment
from .propagation.classical.object_model import Keyframe
from .propagation.classical.propagate import Found, FrameKey, Progress, propagate
from .propagation.keyframes import grasp_keyframe
from .segmenters.classical.segmenter import ClassicalSegmenter
from .segmenters.interface import Box, Mask, Segmentation
from .take_frames import TakeFrames


class LabelingSession:
    """Masks and words of one take. Safe to call from several threads.

    Changes take an optional ``base_revision``, what their author last saw; they raise
    StaleRevision where that is not the newest. Without one, the newest is meant.
    """

    def __init__(
        self,
        take_frames: TakeFrames,
        labels: Labels,
        author: str = "",
        segmenter: MakeSegmenter = ClassicalSegmenter,
    ) -> None:
        self.take_frames = take_frames
        self._history = History(labels, author)
        self._segmenter = segmenter

    @classmethod
    def open(cls, take_folder: Path, author: str = "") -> "LabelingSession":
        """A session over a take's folder; close it, or use it as a context manager."""
        return cls(TakeFrames.open(take_folder), Labels.open(take_folder), author)

    def __enter__(self) -> "LabelingSession":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self.take_frames.close()

    # What there is

    @property
    def snapshot(self) -> Snapshot:
        """Everything said so far, by this session or any other."""
        return self._history.snapshot

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo

    def mask(self, camera: str, frame: int, name: str) -> Mask | None:
        """The saved mask (height, width), None where there is none."""
        record = self.snapshot.masks.get((camera, frame, name))
        return None if record is None else decode(record.rle)

    def confidence(self, camera: str, name: str) -> NDArray[np.float32]:
        """How sure each frame's mask is, (frames,), NaN where there is none."""
        values = np.full(self.take_frames.count(camera), np.nan, np.float32)
        for (at, frame, of), record in self.snapshot.masks.items():
            if at == camera and of == name and frame < len(values):
                values[frame] = record.confidence
        return values

    # Masks

    def preview(
        self, camera: str, frame: int, name: str, x: float, y: float, positive: bool = True
    ) -> Segmentation:
        """What a click would give, (x, y) in pixels; nothing is saved."""
        prompt = point(camera, frame, name, x, y, positive)
        return segment(self.take_frames, self.snapshot, prompt, self._segmenter)

    def click(
        self,
        camera: str,
        frame: int,
        name: str,
        x: float,
        y: float,
        positive: bool = True,
        base_revision: int | None = None,
    ) -> EditResult:
        """Add a click at pixel (x, y) and save the mask that all prompts there give."""
        return self._prompt(point(camera, frame, name, x, y, positive), base_revision)

    def box(
        self, camera: str, frame: int, name: str, corners: Box, base_revision: int | None = None
    ) -> EditResult:
        """Add a box (left, top, right, bottom) and save the mask inside it."""
        return self._prompt(box(camera, frame, name, corners), base_revision)

    def clear(
        self, camera: str, frame: int, name: str, base_revision: int | None = None
    ) -> EditResult:
        """Take away the mask and the prompts of an object in one frame."""
        with self._history.lock:
            prompts = prompts_at(self.snapshot, camera, frame, name)
            edits: list[Edit] = [RemovePrompt(prompt) for prompt in prompts]
            return self._history.apply([*edits, DeleteMask(camera, frame, name)], base_revision)

    def lock(
        self,
        camera: str,
        frame: int,
        name: str | None = None,
        locked: bool = True,
        base_revision: int | None = None,
    ) -> EditResult:
        """Lock or unlock the mask of an object, or of all objects, in one frame."""
        with self._history.lock:
            places = [
                place
                for place in self.snapshot.masks
                if place[:2] == (camera, frame) and name in (None, place[2])
            ]
            edits = [LockMask(*place, locked) for place in places]
            return self._history.apply(edits, base_revision)

    def propagate(
        self,
        name: str | None = None,
        progress: Progress = lambda share: None,
        cancelled: Event | None = None,
    ) -> EditResult:
        """Carry the masks that people made, or the grasp shows, to all frames and cameras.

        For one object, or for all that have such a mask. Frames that a person drew or locked
        stay as they are, also those drawn meanwhile. ``progress`` hears shares from 0 to 1.
        When ``cancelled`` is set nothing is saved. Raises NothingPrompted.
        """
        started = time.perf_counter()
        snapshot = self.snapshot
        names = [name] if name is not None else [label.name for label in snapshot.objects]
        seeds = {each: self._anchors(snapshot, each) for each in names}
        seeds = {each: keyframes for each, keyframes in seeds.items() if keyframes}
        if not seeds:
            raise NothingPrompted
        found: dict[str, dict[FrameKey, Found]] = {}
        for number, (each, keyframes) in enumerate(seeds.items()):
            share = lambda part, n=number: progress((n + part) / len(seeds))  # noqa: E731
            found[each] = propagate(self.take_frames, keyframes, share, cancelled)
        spent = time.perf_counter() - started
        with self._history.lock:
            now = self.snapshot
            if cancelled is not None and cancelled.is_set():
                return EditResult(now.revision, segmenter_s=spent)
            edits = [e for each, masks in found.items() for e in found_edits(now, each, masks)]
            return self._history.apply(edits, None, spent)

    # Words

    def set_instruction(self, text: str | None, base_revision: int | None = None) -> EditResult:
        """The task in words; None means as recorded."""
        return self._history.apply([SetInstruction(text)], base_revision)

    def set_paraphrases(self, texts: Sequence[str], base_revision: int | None = None) -> EditResult:
        return self._history.apply([SetParaphrases(tuple(texts))], base_revision)

    def set_objects(
        self, objects: Sequence[ObjectLabel], base_revision: int | None = None
    ) -> EditResult:
        """The objects that masks are of; masks and prompts of those left out go."""
        with self._history.lock:
            snapshot, kept = self.snapshot, {label.name for label in objects}
            edits: list[Edit] = [SetObjects(tuple(objects))]
            edits += [DeleteMask(*place) for place in snapshot.masks if place[2] not in kept]
            edits += [RemovePrompt(p) for p in snapshot.prompts if p.object not in kept]
            return self._history.apply(edits, base_revision)

    def set_segments(
        self, segments: Sequence[Segment], base_revision: int | None = None
    ) -> EditResult:
        return self._history.apply([SetSegments(tuple(segments))], base_revision)

    def set_success(self, success: bool | None, base_revision: int | None = None) -> EditResult:
        return self._history.apply([SetSuccess(success)], base_revision)

    def set_review(
        self, review: Literal["open", "done", "approved"], base_revision: int | None = None
    ) -> EditResult:
        return self._history.apply([SetReview(review)], base_revision)

    # Back and forth

    def undo(self, base_revision: int | None = None) -> EditResult:
        """Take back this session's last change. Raises NothingToUndo."""
        return self._history.undo(base_revision)

    def redo(self, base_revision: int | None = None) -> EditResult:
        """Make again what was taken back last. Raises NothingToUndo."""
        return self._history.redo(base_revision)

    def _prompt(self, prompt: Prompt, base_revision: int | None) -> EditResult:
        with self._history.lock:
            snapshot = self.snapshot
            started = time.perf_counter()
            found = segment(self.take_frames, snapshot, prompt, self._segmenter)
            spent = time.perf_counter() - started
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
            return self._history.apply(edits, base_revision, spent)

    def _anchors(self, snapshot: Snapshot, name: str) -> list[Keyframe]:
        """Where propagation starts; the grasp says which object a target without clicks is."""
        keyframes = [keyframe for keyframe in drawn(snapshot, name) if keyframe.mask.any()]
        if keyframes or name not in snapshot.targets:
            return keyframes
        seed = grasp_keyframe(self.take_frames, keyframes)
        return [seed] if seed is not None else []
