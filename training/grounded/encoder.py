"""What every vision–language encoder is: images to the features of their cells, sentences to their
meaning."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor, nn

from .precision import half_precision


class TextFeatures(NamedTuple):
    """Sentences, as their meaning and to the letter."""

    sentence: Tensor  # (n, width)
    letters: Tensor  # (n, BUCKETS), hashed trigrams


class Encoder(nn.Module, ABC):
    """Both towers."""

    shifts: tuple[tuple[int, int], ...] = ((0, 0),)
    """By how many pixels, right and down, an image is moved for each of the views that are taken
    of it where a look counts."""

    def cells(self, pixels: Tensor) -> Tensor:
        """Normalised images (n, 3, s, s) to the features of their cells (n, cells², width), in half
        precision where the device computes in it: of a pointed place it takes less than a pixel,
        and of the time of learning and of acting the most."""
        with half_precision(pixels.device):
            cells = self._cells(pixels)
        return cells.float()

    @abstractmethod
    def _cells(self, pixels: Tensor) -> Tensor:
        """The same, in whatever precision."""

    @abstractmethod
    def words(self, texts: Sequence[str]) -> TextFeatures:
        """n sentences. Raises TextTooLong."""
