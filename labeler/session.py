"""One take being labelled: every change is saved at once, and can be taken back."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..datasets.labels.edits import Edit
from ..datasets.labels.label_values import Prompt
from ..datasets.labels.labels import Labels
from ..datasets.labels.masks import encode
from ..datasets.labels.snapshot import Snapshot
from .diff import EditResult, found_edits
from .errors import NoSuchFrame, NothingToFollow
from .history import History
from .interactive import ImageSegmenters
from .mask_changes import clearing, drawing, hiding, locking
from .methods import Methods
from .prompter import Prompter
from .prompts import box, point
from .propagation.interface import FrameKey, Progress
from .segmenters.interface import Box, Files
from .take_frames import TakeFrames
from .tracks import tracks_of
from .wording import Wording


class LabelingSession(Wording):
    """Masks and words of one take. Safe to call from several threads.

    Clicks, locks and all that is no wording add to what others did. ``segmenter`` and
    ``propagator`` are names of methods; "" is the default.
    """

    def __init__(
        self,
        take_frames: TakeFrames,
        history: History,
        methods: Methods,
        segmenters: ImageSegmenters | None = None,
    ) -> None:
        """``segmenters``: where somebody is to be answered at once; else clicks wait."""
        super().__init__(history)
        self.take_frames = take_frames
        self._methods = methods
        self._segmenters = segmenters or ImageSegmenters(take_frames, methods)
        self._prompter = Prompter(take_frames, history, self._segmenters)

    @classmethod
    def open(
        cls,
        take_folder: Path,
        author: str = "",
        methods: Methods | None = None,
        history: History | None = None,
        stand_in: str | None = None,
        files: Files | None = None,
    ) -> "LabelingSession":
        """A session over a take's folder; close it, or use it as a context manager. ``history``:
        of an earlier one over the same folder, whose changes can be taken back. ``stand_in``: the
        segmenter that answers a click while another looks at the image; without it, clicks wait.
        ``files``: where segmenters keep what they saw."""
        history = history or History(Labels.open(take_folder), author)
        methods = methods or Methods()
        take_frames = TakeFrames.open(take_folder)
        segmenters = ImageSegmenters(take_frames, methods, stand_in, files)
        return cls(take_frames, history, methods, segmenters)

    def by(self, author: str) -> "LabelingSession":
        """The same open take in another author's name, who undoes only what is their own."""
        history = self.history.by(author)
        return LabelingSession(self.take_frames, history, self._methods, self._segmenters)

    def __enter__(self) -> "LabelingSession":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self.take_frames.close()

    def forget_segmenters(self) -> None:
        """Make them anew: what they are made of has changed."""
        self._segmenters.forget()

    # What there is

    @property
    def snapshot(self) -> Snapshot:
        """Everything said so far, by this session or any other."""
        return self.history.snapshot

    @property
    def can_undo(self) -> bool:
        return self.history.can_undo

    @property
    def can_redo(self) -> bool:
        return self.history.can_redo

    # Masks

    def click(
        self,
        camera: str,
        frame: int,
        name: str,
        x: float,
        y: float,
        positive: bool = True,
        segmenter: str = "",
    ) -> EditResult:
        """Add a click at pixel (x, y) and save the mask that all prompts there give.

        Raises NoSuchFrame, NothingPrompted, NothingLeft.
        """
        return self._prompter.prompt(point(camera, frame, name, x, y, positive), segmenter)

    def box(
        self, camera: str, frame: int, name: str, corners: Box, segmenter: str = ""
    ) -> EditResult:
        """Add a box (left, top, right, bottom) and save the mask inside it. Raises as ``click``."""
        return self._prompter.prompt(box(camera, frame, name, corners), segmenter)

    def choose(self, camera: str, frame: int, name: str, segmenter: str = "") -> EditResult:
        """Let an object's only click in a frame mean the next of the masks that it may mean: the
        last one is followed by the first. Raises NothingToChoose, StillLooking."""
        return self._prompter.choose((camera, frame, name), segmenter)

    def move_click(
        self,
        camera: str,
        frame: int,
        name: str,
        at: tuple[float, float],
        to: tuple[float, float],
        segmenter: str = "",
    ) -> EditResult:
        """Let a click at one pixel be at another, and save the mask that all prompts give then;
        nothing where that click is gone. Raises as ``click``."""
        there = float(to[0]), float(to[1])
        return self._prompter.move(point(camera, frame, name, *at, True), there, segmenter)

    def remove_click(
        self, camera: str, frame: int, name: str, at: tuple[float, float], segmenter: str = ""
    ) -> EditResult:
        """Take one click away, and save the mask that the others give; with the last one the mask
        goes. Raises as ``click``."""
        return self._prompter.remove(point(camera, frame, name, *at, True), segmenter)

    def draw(self, drawn: Prompt) -> EditResult:
        """Draw over an object's mask by hand; nothing where no pixel changes.

        Raises NoSuchFrame, NothingLeft.
        """
        self._require_frame(drawn.camera, drawn.frame)
        shape = self.take_frames.shape(drawn.camera)
        return self.history.change(lambda now: drawing(now, drawn, shape))

    def look(self, camera: str, frame: int, segmenter: str = "") -> None:
        """Have a segmenter look at a frame, for as long as it takes; nobody else waits."""
        self._prompter.look(camera, frame, segmenter)

    def look_ahead(
        self, camera: str, frame: int, segmenter: str, may_go_on: Callable[[], bool]
    ) -> bool:
        """Have a segmenter look at a frame before somebody clicks there; whether it is done. See
        ``KeepingSegmenter``."""
        return self._segmenters.look_ahead(camera, frame, segmenter, may_go_on)

    def segment_again(self, camera: str, frame: int, name: str, segmenter: str = "") -> EditResult:
        """Let a mask that stood in be followed by that of the segmenter that was asked. It is no
        step of its own: what is taken back is the click."""
        return self._prompter.again((camera, frame, name), segmenter)

    def clear(self, name: str, places: Sequence[FrameKey]) -> EditResult:
        """Take away the masks and the prompts of an object in some frames, as one change."""
        return self.history.change(lambda now: list(clearing(now, places, name)))

    def hide(self, camera: str, frames: range, name: str) -> EditResult:
        """Say of an object that it is not to be seen in some frames of a camera, as one change.

        Propagation takes nothing from these frames and leaves them alone; training learns that it
        is nowhere there. Raises NoSuchFrame, NoSuchObject.
        """
        self._require_frame(camera, frames.stop - 1)
        nothing = encode(np.zeros(self.take_frames.shape(camera)))
        return self.history.change(lambda now: list(hiding(now, camera, frames, name, nothing)))

    def lock(
        self, places: Sequence[FrameKey], name: str | None = None, locked: bool = True
    ) -> EditResult:
        """Lock or unlock the masks of an object, or of all objects, in some frames."""
        return self.history.change(lambda now: list(locking(now, places, name, locked)))

    def propagate(
        self,
        name: str | None = None,
        progress: Progress = lambda share: None,
        cancelled: Callable[[], bool] = lambda: False,
        propagator: str = "",
    ) -> EditResult:
        """Carry the masks that people made, or the grasp shows, to all frames and cameras.

        For one object, or for all that have such a mask. Frames that a person drew or locked
        stay as they are, also those drawn meanwhile, and objects that were renamed or removed
        meanwhile get no masks. ``progress`` hears shares from 0 to 1. Once it is ``cancelled``
        nothing is saved. Raises NothingPrompted, NothingToFollow.
        """
        if self.take_frames.kind == "pictures":
            raise NothingToFollow
        started = time.perf_counter()
        tracks = tracks_of(self.take_frames, self.snapshot, name)
        method = self._methods.propagator(propagator)
        found = method.propagate(self.take_frames, tracks, progress, cancelled)
        spent = time.perf_counter() - started

        def edits(now: Snapshot) -> list[Edit]:
            if cancelled():
                return []
            kept = [label.name for label in now.objects if label.name in found]
            return [edit for each in kept for edit in found_edits(now, each, found[each])]

        return replace(self.history.change(edits), segmenter_s=spent)

    def _require_frame(self, camera: str, frame: int) -> None:
        known = camera in self.take_frames.cameras
        if not known or not 0 <= frame < self.take_frames.count(camera):
            raise NoSuchFrame(camera, frame)

    # Back and forth

    def undo(self) -> EditResult:
        """Take back this session's last change. Raises NothingToUndo."""
        return self.history.undo()

    def redo(self) -> EditResult:
        """Make again what was taken back last. Raises NothingToUndo."""
        return self.history.redo()
