"""Clicks and boxes of one author: what each says is saved with the mask that it gives."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from ..datasets.labels.edits import Edit, MaskKey
from ..datasets.labels.label_values import Prompt
from ..datasets.labels.snapshot import Snapshot
from .clicks import chosen, moved, removed
from .diff import EditResult, shown_choice
from .history import History, MakeEdits
from .interactive import ImageSegmenters, Looked, prompt_edits, segment, segmented_again
from .take_frames import TakeFrames

Save: TypeAlias = Callable[[MakeEdits], EditResult]


class Prompter:
    """``segmenter`` is the name of a method; "" is the default."""

    def __init__(
        self, take_frames: TakeFrames, history: History, segmenters: ImageSegmenters
    ) -> None:
        self._take_frames = take_frames
        self._history = history
        self._segmenters = segmenters

    def prompt(self, prompt: Prompt, segmenter: str = "") -> EditResult:
        """One more click or box. Raises NoSuchFrame, NothingPrompted, NothingLeft."""

        def look(now: Snapshot) -> Looked:
            found = segment(self._take_frames, now, prompt, self._segmenters, segmenter)
            return Looked(prompt_edits(now, prompt, found), prompt, found)

        return self._save(look)

    def choose(self, place: MaskKey, segmenter: str = "") -> EditResult:
        """The only click in a frame means the next of the masks that it may mean; after the last
        one comes the first. Raises NothingToChoose, StillLooking."""
        frames, segmenters = self._take_frames, self._segmenters
        return self._save(lambda now: chosen(frames, now, place, segmenters, segmenter))

    def move(self, click: Prompt, to: tuple[float, float], segmenter: str = "") -> EditResult:
        """Let a click be at another pixel; nothing where it is gone. Raises as ``prompt``."""
        frames, segmenters = self._take_frames, self._segmenters
        return self._save(lambda now: moved(frames, now, click, to, segmenters, segmenter))

    def remove(self, click: Prompt, segmenter: str = "") -> EditResult:
        """Take a click away; with the last one the mask goes. Raises as ``prompt``."""
        frames, segmenters = self._take_frames, self._segmenters
        return self._save(lambda now: removed(frames, now, click, segmenters, segmenter))

    def look(self, camera: str, frame: int, segmenter: str = "") -> None:
        """Have a segmenter look at a frame, for as long as it takes; nobody else waits."""
        self._segmenters.look(camera, frame, segmenter)

    def again(self, place: MaskKey, segmenter: str = "") -> EditResult:
        """Let a mask that stood in be followed by that of the segmenter that was asked. It is no
        step of its own: what is taken back is the click."""
        asked = self._segmenters.at(*place[:2], segmenter)
        return self._save(
            lambda now: segmented_again(self._take_frames, now, place, asked), self._history.amend
        )

    def _save(self, look: Callable[[Snapshot], Looked], save: Save | None = None) -> EditResult:
        """Save what a look at the picture gives, and tell how long it took."""
        started = time.perf_counter()
        answer = EditResult(0)

        def edits(now: Snapshot) -> list[Edit]:
            nonlocal answer
            looked = look(now)
            answer = _answer(looked, time.perf_counter() - started)
            return looked.edits

        saved = (save or self._history.change)(edits)
        return replace(answer, revision=saved.revision, places=saved.places)


def _answer(looked: Looked, spent_s: float) -> EditResult:
    prompt, found = looked.prompt, looked.found
    if prompt is None or found is None:
        return EditResult(0, segmenter_s=spent_s)
    choice = shown_choice(prompt, found.candidates)
    return EditResult(0, segmenter_s=spent_s, stands_in=found.stands_in, choice=choice)
