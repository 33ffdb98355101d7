"""The contract of every finder: an image, words, masks back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ...datasets.steps import Image
from ..segmenters.interface import Mask


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """A mask (height, width) of one thing that is called so, and how sure that is, 0 … 1."""

    mask: Mask
    score: float


@runtime_checkable
class Finder(Protocol):
    """Asked with one image and several words in turn, it keeps what it saw of the image. Safe to
    use from several threads."""

    def find(
        self, image: Image, words: str, may_go_on: Callable[[], bool] = lambda: True
    ) -> Sequence[Detection]:
        """All things that are called so in an image (height, width, 3), the surest first; no mask
        is empty.

        ``may_go_on`` is asked at short intervals; once it says no, the look is given up, and
        nothing is found.
        """
        ...
