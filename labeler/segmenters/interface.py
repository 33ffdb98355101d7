"""The contract of every segmenter: an image, prompts, a mask back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Image

Mask = NDArray[np.bool_]  # (height, width)
Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


@dataclass(frozen=True, slots=True)
class Click:
    """A point (u, v) in pixels; the first pixel's centre is (0.5, 0.5)."""

    u: float
    v: float
    positive: bool = True
    choice: int = 0
    """Which of the masks that it may mean where it is alone, the surest first; they come round."""

    def pixel(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """Row and column of the pixel under the click, clipped to the image."""
        row, column = int(np.floor(self.v)), int(np.floor(self.u))
        return min(max(row, 0), shape[0] - 1), min(max(column, 0), shape[1] - 1)


@dataclass(frozen=True, slots=True)
class Prompts:
    """What a person pointed at in one frame, for one object."""

    clicks: tuple[Click, ...] = ()
    box: Box | None = None

    def __bool__(self) -> bool:
        return bool(self.clicks) or self.box is not None

    @property
    def positive(self) -> tuple[Click, ...]:
        return tuple(click for click in self.clicks if click.positive)

    @property
    def negative(self) -> tuple[Click, ...]:
        return tuple(click for click in self.clicks if not click.positive)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """What a lone click may mean: a mask (height, width), and how sure that is, 0 … 1."""

    mask: Mask
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """A mask (height, width) and how sure the segmenter is of it, 0 … 1."""

    mask: Mask
    confidence: float
    candidates: tuple[Candidate, ...] = ()
    """All that the click may mean, the surest first, where it is alone and may mean several."""
    stands_in: bool = False
    """Whether it is a quick answer until the segmenter that was asked has looked at the image."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """Another image of the same take, and where the object is in it."""

    image: Image
    mask: Mask


@runtime_checkable
class Segmenter(Protocol):
    """Set an image once, then ask for masks as prompts arrive.

    What a segmenter computes of the image, or learns from one call to the next, it keeps.
    """

    def set_image(self, image: Image) -> None: ...

    def segment(
        self,
        prompts: Prompts,
        previous: Mask | None = None,
        examples: Sequence[Example] = (),
    ) -> Segmentation:
        """The mask of the prompted object.

        Args:
            prompts: clicks and a box of one object in this image.
            previous: the mask shown so far, (height, width), which the prompts correct.
            examples: the same object in other images, which people drew.

        Raises:
            NothingPrompted: neither a positive click, nor a box, nor a previous mask.
        """
        ...


@runtime_checkable
class LookingSegmenter(Segmenter, Protocol):
    """One that looks at an image for seconds before it can answer."""

    @property
    def ready(self) -> bool:
        """Whether it answers at once."""
        ...

    def look(self) -> None:
        """Look at the image that was set. May be called from a thread of its own."""
        ...


class Files(Protocol):
    """Where what was seen of one take's images is kept, also for other processes."""

    def read(self, key: str) -> tuple[NDArray[np.float16], ...] | None:
        """None where there is none that is whole."""
        ...

    def write(self, key: str, maps: Sequence[NDArray[np.float16]]) -> None:
        """Where there is room. ``key``: letters, digits and hyphens."""
        ...


@runtime_checkable
class KeepingSegmenter(LookingSegmenter, Protocol):
    """One that keeps what it saw, and answers at once where any like it has looked before: it is
    worth while to look at images before somebody asks."""

    def keep_in(self, files: Files) -> None:
        """Also keep it there from now on."""
        ...

    def look_ahead(self, may_go_on: Callable[[], bool]) -> bool:
        """As ``look``, while nobody waits for another image; whether it looked to the end.

        ``may_go_on`` is asked at short intervals, and may take its time to answer; once it says
        no, the look is given up.
        """
        ...
