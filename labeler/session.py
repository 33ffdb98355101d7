"""One take being labelled: every change is saved at once, and can be taken back."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, RLock

import numpy as np
from numpy.typing import NDArray

from ..datasets.edits import (
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
from ..datasets.labels import Labels
from ..datasets.masks import MaskRecord, MaskSource, decode, encode
from .anchors import grasp_anchor
from .changes import Change, changed_places, difference, found_edits
from .classical import ClassicalSegmenter
from .colours import ColourModel
from .errors import NoSuchFrame, NothingPrompted, NothingToUndo
from .footage import Footage
from .learning import Anchor, learn_colours
from .propagation import Found, Progress, propagate
from .segmenter import Box, Click, Mask, Prompts, Segmentation, Segmenter

_UNDO_DEPTH = 200


class LabelingSession:
    """Masks and words of one take. Safe to call from several threads.

    Changes take an optional ``base_revision``, what their author last saw; they raise
    StaleRevision where that is not the newest. Without one, the newest is meant.
    """

    def __init__(
        self,
        footage: Footage,
        labels: Labels,
        author: str = "",
        segmenter: Callable[[ColourModel | None], Segmenter] = ClassicalSegmenter,
    ) -> None:
        self.footage = footage
        self._labels = labels
        self._author = author
        self._segmenter = segmenter
        self._undo: list[tuple[Snapshot, Snapshot]] = []  # before, after
        self._redo: list[tuple[Snapshot, Snapshot]] = []
        self._lock = RLock()

    @classmethod
    def open(cls, take_folder: Path, author: str = "") -> "LabelingSession":
        """A session over a take's folder; close it, or use it as a context manager."""
        return cls(Footage.open(take_folder), Labels.open(take_folder), author)

    def __enter__(self) -> "LabelingSession":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self.footage.close()

    # What there is

    @property
    def snapshot(self) -> Snapshot:
        """Everything said so far, by this session or any other."""
        with self._lock:
            return self._labels.refresh()

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        return bool(self._redo)

    def mask(self, camera: str, frame: int, name: str) -> Mask | None:
        """The saved mask (height, width), None where there is none."""
        record = self.snapshot.masks.get((camera, frame, name))
        return None if record is None else decode(record.rle)

    def confidence(self, camera: str, name: str) -> NDArray[np.float32]:
        """How sure each frame's mask is, (frames,), NaN where there is none."""
        values = np.full(self.footage.count(camera), np.nan, np.float32)
        for (at, frame, of), record in self.snapshot.masks.items():
            if at == camera and of == name and frame < len(values):
                values[frame] = record.confidence
        return values

    # Masks

    def preview(
        self, camera: str, frame: int, name: str, x: float, y: float, positive: bool = True
    ) -> Segmentation:
        """What a click would give, (x, y) in pixels; nothing is saved."""
        with self._lock:
            prompt = _point(camera, frame, name, x, y, positive)
            return self._segment(self._labels.refresh(), prompt)

    def click(
        self,
        camera: str,
        frame: int,
        name: str,
        x: float,
        y: float,
        positive: bool = True,
        base_revision: int | None = None,
    ) -> Change:
        """Add a click at pixel (x, y) and save the mask that all prompts there give."""
        return self._prompt(_point(camera, frame, name, x, y, positive), base_revision)

    def box(
        self, camera: str, frame: int, name: str, box: Box, base_revision: int | None = None
    ) -> Change:
        """Add a box (left, top, right, bottom) and save the mask inside it."""
        left, right = sorted((float(box[0]), float(box[2])))
        top, bottom = sorted((float(box[1]), float(box[3])))
        values = (left, top, right, bottom)
        prompt = Prompt(camera=camera, frame=frame, object=name, kind="box", values=values)
        return self._prompt(prompt, base_revision)

    def clear(self, camera: str, frame: int, name: str, base_revision: int | None = None) -> Change:
        """Take away the mask and the prompts of an object in one frame."""
        with self._lock:
            prompts = _prompts_at(self._labels.refresh(), camera, frame, name)
            edits: list[Edit] = [RemovePrompt(prompt) for prompt in prompts]
            return self._apply([*edits, DeleteMask(camera, frame, name)], base_revision)

    def lock(
        self,
        camera: str,
        frame: int,
        name: str | None = None,
        locked: bool = True,
        base_revision: int | None = None,
    ) -> Change:
        """Lock or unlock the mask of an object, or of all objects, in one frame."""
        with self._lock:
            places = [
                place
                for place in self._labels.refresh().masks
                if place[:2] == (camera, frame) and name in (None, place[2])
            ]
            edits = [LockMask(*place, locked) for place in places]
            return self._apply(edits, base_revision)

    def propagate(
        self,
        name: str | None = None,
        progress: Progress = lambda share: None,
        cancelled: Event | None = None,
    ) -> Change:
        """Carry the masks that people made, or the grasp shows, to all frames and cameras.

        For one object, or for all that have such a mask. Frames that a person drew or locked
        stay as they are, also those drawn meanwhile. ``progress`` hears shares from 0 to 1.
        When ``cancelled`` is set nothing is saved. Raises NothingPrompted.
        """
        started = time.perf_counter()
        snapshot = self.snapshot
        seeds = {each: self._anchors(snapshot, each) for each in self._names(snapshot, name)}
        seeds = {each: anchors for each, anchors in seeds.items() if anchors}
        if not seeds:
            raise NothingPrompted
        found: dict[str, dict[tuple[str, int], Found]] = {}
        for number, (each, anchors) in enumerate(seeds.items()):
            share = lambda part, n=number: progress((n + part) / len(seeds))  # noqa: E731
            found[each] = propagate(self.footage, anchors, share, cancelled)
        spent = time.perf_counter() - started
        with self._lock:
            now = self._labels.refresh()
            if cancelled is not None and cancelled.is_set():
                return Change(now.revision, segmenter_s=spent)
            edits = [e for each, masks in found.items() for e in found_edits(now, each, masks)]
            return self._apply(edits, None, spent)

    # Words

    def set_instruction(self, text: str | None, base_revision: int | None = None) -> Change:
        """The task in words; None means as recorded."""
        return self._apply([SetInstruction(text)], base_revision)

    def set_paraphrases(self, texts: Sequence[str], base_revision: int | None = None) -> Change:
        return self._apply([SetParaphrases(tuple(texts))], base_revision)

    def set_objects(
        self, objects: Sequence[ObjectLabel], base_revision: int | None = None
    ) -> Change:
        """The objects that masks are of; masks and prompts of those left out go."""
        with self._lock:
            snapshot, kept = self._labels.refresh(), {label.name for label in objects}
            edits: list[Edit] = [SetObjects(tuple(objects))]
            edits += [DeleteMask(*place) for place in snapshot.masks if place[2] not in kept]
            edits += [RemovePrompt(p) for p in snapshot.prompts if p.object not in kept]
            return self._apply(edits, base_revision)

    def set_segments(self, segments: Sequence[Segment], base_revision: int | None = None) -> Change:
        return self._apply([SetSegments(tuple(segments))], base_revision)

    def set_success(self, success: bool | None, base_revision: int | None = None) -> Change:
        return self._apply([SetSuccess(success)], base_revision)

    def set_review(self, review: str, base_revision: int | None = None) -> Change:
        """One of "open", "done", "approved"."""
        return self._apply([SetReview(review)], base_revision)  # type: ignore[arg-type]

    # Back and forth

    def undo(self, base_revision: int | None = None) -> Change:
        """Take back this session's last change. Raises NothingToUndo."""
        return self._swap(self._undo, self._redo, base_revision)

    def redo(self, base_revision: int | None = None) -> Change:
        """Make again what was taken back last. Raises NothingToUndo."""
        return self._swap(self._redo, self._undo, base_revision)

    def _swap(
        self,
        source: list[tuple[Snapshot, Snapshot]],
        other: list[tuple[Snapshot, Snapshot]],
        base_revision: int | None,
    ) -> Change:
        with self._lock:
            if not source:
                raise NothingToUndo
            wanted, done = source[-1]
            change = self._save(
                difference(done, wanted, changed_places(done, wanted)), base_revision
            )
            source.pop()
            other.append((done, wanted))
            return change

    def _apply(
        self, edits: Sequence[Edit], base_revision: int | None, spent_s: float = 0.0
    ) -> Change:
        with self._lock:
            before = self._labels.refresh()
            change = self._save(edits, base_revision, spent_s)
            self._undo.append((before, self._labels.snapshot))
            del self._undo[:-_UNDO_DEPTH]
            self._redo.clear()
            return change

    def _save(
        self, edits: Sequence[Edit], base_revision: int | None, spent_s: float = 0.0
    ) -> Change:
        before = self._labels.refresh()
        base = before.revision if base_revision is None else base_revision
        revision = self._labels.apply(edits, base, self._author)
        return Change(revision, changed_places(before, self._labels.snapshot), spent_s)

    def _prompt(self, prompt: Prompt, base_revision: int | None) -> Change:
        with self._lock:
            snapshot = self._labels.refresh()
            started = time.perf_counter()
            found = self._segment(snapshot, prompt)
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
            return self._apply(edits, base_revision, spent)

    def _segment(self, snapshot: Snapshot, prompt: Prompt) -> Segmentation:
        camera, frame, name = prompt.camera, prompt.frame, prompt.object
        if camera not in self.footage.cameras or not 0 <= frame < self.footage.count(camera):
            raise NoSuchFrame(camera, frame)
        said = [*_prompts_at(snapshot, camera, frame, name), prompt]
        record = snapshot.masks.get((camera, frame, name))
        # What people drew follows from the prompts; what was propagated does not
        drawn = record is None or record.source == MaskSource.HUMAN
        previous = None if drawn or record is None else decode(record.rle)
        others = [a for a in self._drawn(snapshot, name) if (a.camera, a.index) != (camera, frame)]
        segmenter = self._segmenter(learn_colours(self.footage, others) if others else None)
        segmenter.set_image(self.footage.image(camera, frame))
        return segmenter.segment(_as_prompts(said), previous)

    def _names(self, snapshot: Snapshot, name: str | None) -> list[str]:
        return [name] if name is not None else [label.name for label in snapshot.objects]

    def _anchors(self, snapshot: Snapshot, name: str) -> list[Anchor]:
        anchors = self._drawn(snapshot, name)
        if anchors or name not in snapshot.targets:
            return anchors
        seed = grasp_anchor(self.footage, anchors)
        return [seed] if seed is not None else []

    def _drawn(self, snapshot: Snapshot, name: str) -> list[Anchor]:
        """Masks of the object that people made or locked."""
        return [
            Anchor(camera, frame, decode(record.rle), record.source)
            for (camera, frame, of), record in snapshot.masks.items()
            if of == name and (record.locked or record.source == MaskSource.HUMAN)
        ]


def _point(camera: str, frame: int, name: str, x: float, y: float, positive: bool) -> Prompt:
    return Prompt(
        camera=camera,
        frame=frame,
        object=name,
        kind="point",
        values=(float(x), float(y)),
        positive=positive,
    )


def _prompts_at(snapshot: Snapshot, camera: str, frame: int, name: str) -> list[Prompt]:
    place = (camera, frame, name)
    return [p for p in snapshot.prompts if (p.camera, p.frame, p.object) == place]


def _as_prompts(said: Sequence[Prompt]) -> Prompts:
    """Clicks of all prompts, and the last box."""
    clicks = tuple(Click(*p.values[:2], p.positive) for p in said if p.kind == "point")
    boxes = [p.values for p in said if p.kind == "box"]
    return Prompts(clicks, tuple(boxes[-1]) if boxes else None)  # type: ignore[arg-type]
