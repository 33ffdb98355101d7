"""What is said of an object in one frame is saved with the mask that it gives."""

import time
from collections.abc import Callable
from dataclasses import replace

from ..datasets.labels.edits import Edit, MaskKey, RemovePrompt
from ..datasets.labels.label_values import Prompt
from ..datasets.labels.snapshot import Snapshot
from .clicks import Changed, moved, removed, without
from .diff import EditResult, shown_choice
from .errors import NothingToChoose
from .history import History
from .interactive import (
    ImageSegmenters,
    lone_click,
    prompt_edits,
    segment,
    segmented_again,
)
from .segmenters.interface import LookingSegmenter
from .take_frames import TakeFrames


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

        def made(now: Snapshot) -> Changed:
            found = segment(self._take_frames, now, prompt, self._segmenters, segmenter)
            return prompt_edits(now, prompt, found), found

        return self._save(made, prompt)

    def choose(self, place: MaskKey, segmenter: str = "") -> EditResult:
        """The only click in a frame means the next of the masks that it may mean; after the last
        one comes the first. Raises NothingToChoose."""
        click = lone_click(self._history.snapshot, place)
        turned = replace(click, choice=click.choice + 1)

        def made(now: Snapshot) -> Changed:
            before = without(now, lone_click(now, place))
            found = segment(self._take_frames, before, turned, self._segmenters, segmenter)
            if not found.candidates:
                raise NothingToChoose(lone=True)
            return [RemovePrompt(click), *prompt_edits(before, turned, found)], found

        return self._save(made, turned)

    def move(self, click: Prompt, to: tuple[float, float], segmenter: str = "") -> EditResult:
        """Let a click be at another pixel; nothing where it is gone. Raises as ``prompt``."""
        segmenters = self._segmenters
        return self._save(
            lambda now: moved(self._take_frames, now, click, to, segmenters, segmenter)
        )

    def remove(self, click: Prompt, segmenter: str = "") -> EditResult:
        """Take a click away; with the last one the mask goes. Raises as ``prompt``."""
        segmenters = self._segmenters
        return self._save(lambda now: removed(self._take_frames, now, click, segmenters, segmenter))

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

    def _save(self, make: Callable[[Snapshot], Changed], said: Prompt | None = None) -> EditResult:
        """Save what a look at the picture gives, and tell how long it took."""
        started = time.perf_counter()
        answer = EditResult(0)

        def edits(now: Snapshot) -> list[Edit]:
            nonlocal answer
            made, found = make(now)
            spent = time.perf_counter() - started
            choice = shown_choice(said, found.candidates) if said and found else None
            stands_in = found is not None and found.stands_in
            answer = EditResult(0, segmenter_s=spent, stands_in=stands_in, choice=choice)
            return made

        saved = self._history.change(edits)
        return replace(answer, revision=saved.revision, places=saved.places)
