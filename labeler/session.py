"""One take being labelled: every change is saved at once, and can be taken back."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from ..datasets.errors import StaleRevision
from ..datasets.labels.edits import (
    DeleteMask,
    Edit,
    LockMask,
    ObjectLabel,
    Prompt,
    RemovePrompt,
    Segment,
    SetInstruction,
    SetObjects,
    SetParaphrases,
    SetReview,
    SetSegments,
    SetSuccess,
)
from ..datasets.labels.labels import Labels
from ..datasets.labels.snapshot import Snapshot
from .diff import EditResult, found_edits
from .history import History
from .interactive import ImageSegmenters, box, point, prompt_edits, prompts_at, segment
from .methods import Methods
from .propagation.interface import FrameKey, Progress
from .segmenters.interface import Box
from .take_frames import TakeFrames
from .tracks import tracks_of


class LabelingSession:
    """Masks and words of one take. Safe to call from several threads.

    Changes take an optional ``base_revision``, what their author last saw; they raise
    StaleRevision where that is not the newest. Without one, the newest is meant. ``segmenter``
    and ``propagator`` are names of methods; "" is the default.
    """

    def __init__(
        self,
        take_frames: TakeFrames,
        history: History,
        methods: Methods,
        segmenters: ImageSegmenters | None = None,
    ) -> None:
        self.take_frames = take_frames
        self._history = history
        self._methods = methods
        self._segmenters = segmenters or ImageSegmenters(take_frames, methods.segmenter)

    @classmethod
    def open(
        cls, take_folder: Path, author: str = "", methods: Methods | None = None
    ) -> "LabelingSession":
        """A session over a take's folder; close it, or use it as a context manager."""
        labels = Labels.open(take_folder)
        take_frames = TakeFrames.open(take_folder)
        return cls(take_frames, History(labels, author), methods or Methods())

    def by(self, author: str) -> "LabelingSession":
        """The same open take in another author's name, who undoes only what is their own."""
        history = self._history.by(author)
        return LabelingSession(self.take_frames, history, self._methods, self._segmenters)

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

    # Masks

    def click(
        self,
        camera: str,
        frame: int,
        name: str,
        x: float,
        y: float,
        positive: bool = True,
        base_revision: int | None = None,
        segmenter: str = "",
    ) -> EditResult:
        """Add a click at pixel (x, y) and save the mask that all prompts there give."""
        prompt = point(camera, frame, name, x, y, positive)
        return self._prompt(prompt, base_revision, segmenter)

    def box(
        self,
        camera: str,
        frame: int,
        name: str,
        corners: Box,
        base_revision: int | None = None,
        segmenter: str = "",
    ) -> EditResult:
        """Add a box (left, top, right, bottom) and save the mask inside it."""
        return self._prompt(box(camera, frame, name, corners), base_revision, segmenter)

    def clear(
        self, name: str, places: Sequence[FrameKey], base_revision: int | None = None
    ) -> EditResult:
        """Take away the masks and the prompts of an object in some frames, as one change."""
        with self._history.lock:
            snapshot = self.snapshot
            edits: list[Edit] = []
            for place in places:
                edits += map(RemovePrompt, prompts_at(snapshot, *place, name))
                if (*place, name) in snapshot.masks:
                    edits.append(DeleteMask(*place, name))
            return self._history.apply(edits, base_revision)

    def lock(
        self,
        places: Sequence[FrameKey],
        name: str | None = None,
        locked: bool = True,
        base_revision: int | None = None,
    ) -> EditResult:
        """Lock or unlock the masks of an object, or of all objects, in some frames."""
        with self._history.lock:
            masks = [
                mask
                for mask in self.snapshot.masks
                if mask[:2] in places and name in (None, mask[2])
            ]
            edits = [LockMask(*mask, locked) for mask in masks]
            return self._history.apply(edits, base_revision)

    def propagate(
        self,
        name: str | None = None,
        progress: Progress = lambda share: None,
        cancelled: Callable[[], bool] = lambda: False,
        propagator: str = "",
    ) -> EditResult:
        """Carry the masks that people made, or the grasp shows, to all frames and cameras.

        For one object, or for all that have such a mask. Frames that a person drew or locked
        stay as they are, also those drawn meanwhile. ``progress`` hears shares from 0 to 1.
        Once it is ``cancelled`` nothing is saved. Raises NothingPrompted.
        """
        started = time.perf_counter()
        tracks = tracks_of(self.take_frames, self.snapshot, name)
        method = self._methods.propagator(propagator)
        found = method.propagate(self.take_frames, tracks, progress, cancelled)
        spent = time.perf_counter() - started
        while True:
            with self._history.lock, suppress(StaleRevision):  # another process wrote just now
                now = self.snapshot
                if cancelled():
                    return EditResult(now.revision, segmenter_s=spent)
                edits = [e for each, masks in found.items() for e in found_edits(now, each, masks)]
                return self._history.apply(edits, now.revision, spent)

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

    def _prompt(self, prompt: Prompt, base_revision: int | None, segmenter: str) -> EditResult:
        with self._history.lock:
            snapshot = self.snapshot
            started = time.perf_counter()
            found = segment(self.take_frames, snapshot, prompt, self._segmenters, segmenter)
            spent = time.perf_counter() - started
            edits = prompt_edits(snapshot, prompt, found)
            return self._history.apply(edits, base_revision, spent)
