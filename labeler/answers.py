"""What is said of an object in one frame is saved with the mask that it gives."""

import time
from collections.abc import Callable
from dataclasses import replace

from ..datasets.labels.edits import Edit, MaskKey, RemovePrompt
from ..datasets.labels.label_values import Prompt
from ..datasets.labels.snapshot import Snapshot
from .diff import EditResult, shown_choice
from .errors import NothingToChoose
from .history import History
from .interactive import (
    ImageSegmenters,
    lone_click,
    prompt_edits,
    segment,
    segmented_again,
    without,
)
from .segmenters.interface import LookingSegmenter
from .take_frames import TakeFrames

_Say = Callable[[Snapshot], tuple[Prompt | None, Prompt]]  # what it replaces, and what is said


class Answers:
    """To the prompts of one author. ``segmenter`` is the name of a method; "" is the default."""

    def __init__(
        self, take_frames: TakeFrames, history: History, segmenters: ImageSegmenters
    ) -> None:
        self._take_frames = take_frames
        self._history = history
        self._segmenters = segmenters

    def prompt(self, prompt: Prompt, segmenter: str = "") -> EditResult:
        """One more click or box. Raises NoSuchFrame, NothingPrompted, NothingLeft."""
        return self._save(lambda _now: (None, prompt), segmenter)

    def choose(self, place: MaskKey, segmenter: str = "") -> EditResult:
        """The only click in a frame means the next of the masks that it may mean; after the last
        one comes the first. Raises NothingToChoose."""

        def turned(now: Snapshot) -> tuple[Prompt, Prompt]:
            click = lone_click(now, place)
            return click, replace(click, choice=click.choice + 1)

        return self._save(turned, segmenter)

    def look(self, camera: str, frame: int, segmenter: str = "") -> None:
        """Have a segmenter look at a frame, for as long as it takes; nobody else waits."""
        looking = self._segmenters.at(camera, frame, segmenter)
        if isinstance(looking, LookingSegmenter):
            looking.look()

    def again(self, place: MaskKey, segmenter: str = "") -> EditResult:
        """Let a mask that stood in be followed by that of the segmenter that was asked. It is no
        step of its own: what is taken back is the click."""
        looked = self._segmenters.at(*place[:2], segmenter)
        return self._history.amend(
            lambda now: segmented_again(self._take_frames, now, place, looked)
        )

    def _save(self, said: _Say, segmenter: str) -> EditResult:
        started = time.perf_counter()
        answer = EditResult(0)

        def edits(now: Snapshot) -> list[Edit]:
            nonlocal answer
            replaced, prompt = said(now)
            before = now if replaced is None else without(now, replaced)
            found = segment(self._take_frames, before, prompt, self._segmenters, segmenter)
            if prompt.choice and not found.candidates:
                raise NothingToChoose(lone=True)
            answer = EditResult(
                now.revision,
                segmenter_s=time.perf_counter() - started,
                stands_in=found.stands_in,
                choice=shown_choice(prompt, found.candidates),
            )
            gone = [] if replaced is None else [RemovePrompt(replaced)]
            return [*gone, *prompt_edits(before, prompt, found)]

        saved = self._history.change(edits)
        return replace(answer, revision=saved.revision, places=saved.places)
