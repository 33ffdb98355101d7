"""Methods of somebody else: one file, named by one line of `labeler.json`."""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np

from teachloop.datasets.steps import Image
from teachloop.labeler.errors import NothingPrompted
from teachloop.labeler.finders.interface import Detection
from teachloop.labeler.propagation.interface import Found, FrameKey, Progress, Track
from teachloop.labeler.segmenters.interface import (
    Candidate,
    Example,
    Files,
    Mask,
    Prompts,
    Segmentation,
)
from teachloop.labeler.take_frames import TakeFrames
from teachloop.runtime.errors import TeachloopError

SIDE = 4
NESTED = (1, 2, 3)  # times the side
SLOW_S = 60.0


class Squares:
    """A square around each click."""

    images = 0

    def set_image(self, image: Image) -> None:
        Squares.images += 1
        self.shape = image.shape[:2]

    def segment(
        self, prompts: Prompts, previous: Mask | None = None, examples: Sequence[Example] = ()
    ) -> Segmentation:
        mask = np.zeros(self.shape, bool)
        for row, column in (click.pixel(self.shape) for click in prompts.positive):
            mask[row : row + SIDE, column : column + SIDE] = True
        return Segmentation(mask, 0.5)


class SizedSquares(Squares):
    """Squares whose side is written in a file."""

    def __init__(self, weights: str = "") -> None:
        self.side = read_side(weights)

    def segment(
        self, prompts: Prompts, previous: Mask | None = None, examples: Sequence[Example] = ()
    ) -> Segmentation:
        mask = np.zeros(self.shape, bool)
        for row, column in (click.pixel(self.shape) for click in prompts.positive):
            mask[row : row + self.side, column : column + self.side] = True
        return Segmentation(mask, 0.5)


class NoSide(TeachloopError):
    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is no side of a square.")


def read_side(path: str) -> int:
    """Raises NoSide."""
    try:
        return int(Path(path).read_text())
    except (OSError, ValueError) as error:
        raise NoSide(path) from error


SIZED = {
    "factory": "made_up_methods:SizedSquares",
    "variable": "MADE_UP_SIDE",
    "check": "made_up_methods:read_side",
}


class Nested(Squares):
    """A lone click means one of three squares; further ones add small ones to that."""

    def segment(
        self, prompts: Prompts, previous: Mask | None = None, examples: Sequence[Example] = ()
    ) -> Segmentation:
        first, *further = prompts.clicks
        sizes = [SIDE * times for times in NESTED]
        masks = [self._square(*first.pixel(self.shape), size) for size in sizes]
        chosen = masks[first.choice % len(masks)]
        if further:
            return Segmentation(chosen | super().segment(prompts).mask, 0.5)
        candidates = tuple(Candidate(mask, 0.5) for mask in masks)
        return Segmentation(chosen, 0.5, candidates)

    def _square(self, row: int, column: int, size: int) -> Mask:
        mask = np.zeros(self.shape, bool)
        mask[row : row + size, column : column + size] = True
        return mask


class Lookers(Squares):
    """Squares that look at an image until they are let go on."""

    may_go_on = threading.Event()
    looks = 0

    @property
    def ready(self) -> bool:
        return Lookers.may_go_on.is_set()

    def look(self) -> None:
        Lookers.looks += 1
        assert Lookers.may_go_on.wait(30)

    def segment(
        self, prompts: Prompts, previous: Mask | None = None, examples: Sequence[Example] = ()
    ) -> Segmentation:
        if prompts.positive:
            return super().segment(prompts)
        if previous is None:
            raise NothingPrompted
        return Segmentation(previous, 0.5)


class NestedLookers(Lookers, Nested):
    """Nested squares that look at an image until they are let go on."""

    def segment(
        self, prompts: Prompts, previous: Mask | None = None, examples: Sequence[Example] = ()
    ) -> Segmentation:
        return Nested.segment(self, prompts, previous, examples)


class SlowLookers(Squares):
    """Squares that look at an image until there is a file."""

    ready = False

    def look(self) -> None:
        while not Path(os.environ["MADE_UP_MAY_GO_ON"]).exists():
            time.sleep(0.1)
        self.ready = True


class Keepers(Squares):
    """Squares that look at an image layer by layer, and keep that they did."""

    layers = 3
    may_compute = threading.Event()
    computing = threading.Event()
    computed: ClassVar[list[bytes]] = []  # images
    given_up: ClassVar[list[bytes]] = []
    files: Files | None = None
    key = ""

    def keep_in(self, files: Files) -> None:
        self.files = files

    def set_image(self, image: Image) -> None:
        super().set_image(image)
        self.image = image
        self.key = hashlib.sha256(image.tobytes()).hexdigest()

    @property
    def ready(self) -> bool:
        return self.files is not None and self.files.read(self.key) is not None

    def look(self) -> None:
        self.look_ahead(lambda: True)

    def look_ahead(self, may_go_on: Callable[[], bool]) -> bool:
        for _ in range(0 if self.ready else self.layers):
            Keepers.computing.set()
            while goes_on := may_go_on():
                if self.may_compute.wait(0.01):
                    break
            if not goes_on:
                Keepers.given_up.append(self.image.tobytes())
                return False
        if self.files is not None and not self.ready:
            Keepers.computed.append(self.image.tobytes())
            self.files.write(self.key, [np.zeros((1, 1, 64, 64), np.float16)])
        return True


class EagerKeepers(Keepers):
    """Wait for nobody."""

    may_compute = threading.Event()
    may_compute.set()


class FailingKeepers(Keepers):
    """Fail as they look."""

    def look_ahead(self, may_go_on: Callable[[], bool]) -> bool:
        Keepers.computing.set()
        raise RuntimeError("out of memory")


class Deliberate(Squares):
    """Squares that wait until they may answer."""

    deliberates, may_answer = threading.Event(), threading.Event()

    def segment(
        self, prompts: Prompts, previous: Mask | None = None, examples: Sequence[Example] = ()
    ) -> Segmentation:
        Deliberate.deliberates.set()
        assert Deliberate.may_answer.wait(30)
        return super().segment(prompts)


class BlindLookers(Lookers):
    """Fail as they look."""

    def look(self) -> None:
        raise RuntimeError("out of memory")


class Copies:
    """The first keyframe's mask in every frame."""

    def propagate(
        self,
        take_frames: TakeFrames,
        tracks: Sequence[Track],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> dict[str, dict[FrameKey, Found]]:
        return {
            track.name: {
                (camera, index): Found.of(track.keyframes[0].mask, 0.25)
                for camera in take_frames.cameras
                for index in range(take_frames.count(camera))
            }
            for track in tracks
        }


class WeighedCopies(Copies):
    """Copies with weights."""

    def __init__(self, weights: str) -> None:
        self.weights = weights


class Slow(Squares):
    """Takes its time over a click, and says when it begins."""

    def segment(
        self, prompts: Prompts, previous: Mask | None = None, examples: Sequence[Example] = ()
    ) -> Segmentation:
        Path(os.environ["MADE_UP_BEGAN"]).touch()
        time.sleep(SLOW_S)
        return super().segment(prompts)


class SlowCopies(Copies):
    """Takes its time over a take, and can be cancelled."""

    def propagate(
        self,
        take_frames: TakeFrames,
        tracks: Sequence[Track],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> dict[str, dict[FrameKey, Found]]:
        began = time.monotonic()
        while not cancelled() and time.monotonic() - began < SLOW_S:
            progress((time.monotonic() - began) / SLOW_S)
            time.sleep(0.01)
        return super().propagate(take_frames, tracks, progress, cancelled)


class TellingCopies(Copies):
    """Says halfway that it is halfway."""

    def propagate(
        self,
        take_frames: TakeFrames,
        tracks: Sequence[Track],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> dict[str, dict[FrameKey, Found]]:
        progress(0.5)
        return super().propagate(take_frames, tracks, progress, cancelled)


class Broken:
    """Cannot be made."""

    def __init__(self) -> None:
        raise RuntimeError("no weights here")


class Fails(Copies):
    """Breaks down at every take."""

    def propagate(
        self,
        take_frames: TakeFrames,
        tracks: Sequence[Track],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> dict[str, dict[FrameKey, Found]]:
        raise RuntimeError("out of memory")


class RedThings:
    """What is red, where the words say so: all of it, and the upper half of that."""

    asked: ClassVar[list[str]] = []

    def find(
        self, image: Image, words: str, may_go_on: Callable[[], bool] = lambda: True
    ) -> list[Detection]:
        RedThings.asked.append(words)
        red = (image[..., 0] > 150) & (image[..., 1] < 100)
        if "red" not in words or not red.any():
            return []
        upper = red.copy()
        upper[int(np.nonzero(red.any(1))[0].mean()) :] = False
        return [Detection(red, 0.875), Detection(upper, 0.5)]


class SlowRedThings(RedThings):
    """They are not seen before there is a file; another one tells that a look was given up."""

    begun: ClassVar[list[str]] = []

    def find(
        self, image: Image, words: str, may_go_on: Callable[[], bool] = lambda: True
    ) -> list[Detection]:
        SlowRedThings.begun.append(words)
        while not Path(os.environ["MADE_UP_MAY_GO_ON"]).exists():
            if not may_go_on():
                Path(os.environ["MADE_UP_GIVEN_UP"]).touch()
                return []
            time.sleep(0.02)
        return super().find(image, words)
