"""What an object looks like, as far as clicks that are sure tell: what is bolted to a hand is in no
model, and hides an object all the same."""

from collections.abc import Iterable, Iterator

import numpy as np

from ..propagation.classical.object_model import TABLE_SHARE
from ..propagation.interface import FrameKey
from ..segmenters.classical.colours import ColourModel, learn_colours
from ..segmenters.classical.segmenter import ClassicalSegmenter
from ..segmenters.interface import Click, Example, Mask, Prompts
from ..take_frames import TakeFrames

_SURE = 0.6  # of a mask from which colours are learned
_NEAR_PX = 1  # around a click, of which most has to have them


class Looks:
    """The colours of an object in one take; of those that nobody knows anything may be."""

    def __init__(self, take_frames: TakeFrames, colours: ColourModel | None) -> None:
        self._take_frames = take_frames
        self._colours = colours

    @classmethod
    def at(cls, take_frames: TakeFrames, clicks: Iterable[tuple[FrameKey, Click]]) -> "Looks":
        """Of what is under these clicks."""
        examples = list(_examples(take_frames, clicks))
        return cls(take_frames, learn_colours(examples) if examples else None)

    @classmethod
    def of(cls, take_frames: TakeFrames, place: FrameKey, mask: Mask) -> "Looks":
        """Of what a mask is of."""
        return cls(take_frames, learn_colours([take_frames.example(*place, mask)]))

    def fit(self, place: FrameKey, click: Click) -> bool:
        """Whether what is under a click may be the object."""
        if self._colours is None:
            return True
        image = self._take_frames.image(*place)
        row, column = click.pixel(image.shape)
        top, left = max(0, row - _NEAR_PX), max(0, column - _NEAR_PX)
        near = image[top : row + _NEAR_PX + 1, left : column + _NEAR_PX + 1]
        return bool(np.mean(self._colours.ratio(near) > 0) > 0.5)


def _examples(
    take_frames: TakeFrames, clicks: Iterable[tuple[FrameKey, Click]]
) -> Iterator[Example]:
    for place, click in clicks:
        segmenter = ClassicalSegmenter()
        segmenter.set_image(take_frames.image(*place))
        found = segmenter.segment(Prompts((click,)))
        if found.confidence > _SURE and 0 < found.mask.mean() < TABLE_SHARE:
            yield take_frames.example(*place, found.mask)
