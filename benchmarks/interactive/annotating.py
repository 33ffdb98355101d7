"""A simulated person who labels one object of a take, frame by frame, as far as they have to.

The truth places the clicks, with a hand that trembles, and says when a mask is good enough. What
to look at next is what the labels are least sure of, or the frame that is worst: what somebody
sees who plays the take.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from teachloop.datasets.labels.masks import decode
from teachloop.labeler.annotator import VISIBLE_PX, choose_frames, click_inside
from teachloop.labeler.errors import NothingLeft
from teachloop.labeler.propagation.interface import FrameKey
from teachloop.labeler.segmenters.interface import Mask
from teachloop.labeler.session import LabelingSession

from .filming import TrueTake
from .scores import WRONG, Fit, fits, iou

Looks = Literal["unsure", "worst"]
CLICKS = 3  # at most, in one frame
GOOD = 0.9  # intersection over union at which a person is content with a frame
TREMBLE = 1.5 / 256  # of the image's width
_SMALL_PX = 256 * 256  # of smaller images, fewer pixels are a sight of an object


@dataclass(frozen=True, slots=True)
class Round:
    """What there is once each camera has had one more frame put right, and all was propagated."""

    fits: Mapping[str, Fit]  # by camera
    frames: int  # that a person looked at, in all cameras, from the start on
    clicks: int  # from the start on
    click_s: tuple[float, ...]  # what each click of this round took to answer
    propagate_s: float


@dataclass
class Annotator:
    """One person, one take. ``segmenter`` and ``propagator``: names of methods."""

    session: LabelingSession
    take: TrueTake
    rng: np.random.Generator
    looks: Looks
    segmenter: str = ""
    propagator: str = ""
    _clicks: list[float] = field(default_factory=list)
    _frames: int = 0
    _left: set[FrameKey] = field(default_factory=set)  # which clicks do not put right

    def rounds(self, count: int) -> Iterator[Round]:
        """The first frame of each camera, then the one that looks worst, so many times."""
        for number in range(count):
            before = len(self._clicks)
            for camera, frame in (self._worst() if number else self._first()).items():
                self._put_right(camera, frame)
                self._frames += 1
            start = time.perf_counter()
            self.session.propagate(self.take.target, propagator=self.propagator)
            yield Round(
                fits=self._fits(),
                frames=self._frames,
                clicks=len(self._clicks),
                click_s=tuple(self._clicks[before:]),
                propagate_s=time.perf_counter() - start,
            )

    def _first(self) -> dict[str, int]:
        """In each camera that sees it, the first frame in which the object is well visible."""
        truth = self.take.truth
        chosen = {name: choose_frames(masks, _visible_px(masks)) for name, masks in truth.items()}
        return {camera: frames[0] for camera, frames in chosen.items() if frames}

    def _worst(self) -> dict[str, int]:
        """In each camera the frame to look at next, where there is one."""
        chosen = {}
        for camera, fit in self._fits().items():
            badness = np.where(fit.by_hand, 2.0, fit.iou if self.looks == "worst" else fit.sure)
            badness[[at for name, at in self._left if name == camera]] = 2.0
            frame = int(badness.argmin())
            content = self.looks == "worst" and badness[frame] >= GOOD
            if badness[frame] < 2 and not content:
                chosen[camera] = frame
        return chosen

    def _put_right(self, camera: str, frame: int) -> None:
        truth = self.take.truth[camera][frame]
        if truth.sum() < _visible_px(truth):
            self.session.hide(camera, range(frame, frame + 1), self.take.target)
        else:
            self._click_until_good(camera, frame, truth)
            if iou(self._mask(camera, frame), truth) < WRONG:
                self.session.clear(self.take.target, [(camera, frame)])
                self._left.add((camera, frame))
                return
        self.session.lock([(camera, frame)], self.take.target)

    def _click_until_good(self, camera: str, frame: int, truth: Mask) -> None:
        for _ in range(CLICKS):
            mask = self._mask(camera, frame)
            if iou(mask, truth) >= GOOD:
                break
            self._click(camera, frame, mask, truth)

    def _click(self, camera: str, frame: int, mask: Mask, truth: Mask) -> None:
        """On what is missing, or on what does not belong, whichever is larger."""
        missing, wrong = truth & ~mask, mask & ~truth
        positive = bool(missing.sum() >= wrong.sum())
        at = click_inside(missing if positive else wrong, self.rng, TREMBLE * truth.shape[1])
        place = (camera, frame, self.take.target)
        start = time.perf_counter()
        try:
            self.session.click(*place, at.u, at.v, positive, self.segmenter)
        except NothingLeft:
            self.session.clear(self.take.target, [(camera, frame)])
        self._clicks.append(time.perf_counter() - start)

    def _mask(self, camera: str, frame: int) -> Mask:
        record = self.session.snapshot.masks.get((camera, frame, self.take.target))
        if record is None:
            return np.zeros(self.take.truth[camera].shape[1:], bool)
        return decode(record.rle)

    def _fits(self) -> dict[str, Fit]:
        return fits(self.session.snapshot, self.take.target, self.take.truth)


def _visible_px(masks: NDArray[np.bool_]) -> int:
    """How few pixels of an image (…, height, width) nobody would click on."""
    size = masks.shape[-2] * masks.shape[-1]
    return round(VISIBLE_PX * min(1.0, size / _SMALL_PX))
