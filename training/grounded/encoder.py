"""What every vision–language encoder is: images to the features of their cells, sentences to their
meaning."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor, nn


class TextFeatures(NamedTuple):
    """Sentences, as their meaning and to the letter."""

    sentence: Tensor  # (n, width)
    letters: Tensor  # (n, BUCKETS), hashed trigrams


class Encoder(nn.Module, ABC):
    """Both towers."""

    shifts: tuple[tuple[int, int], ...] = ((0, 0),)
    """By how many pixels, right and down, an image is moved for each of the views that are taken
    of it where a look counts."""

    @abstractmethod
    def cells(self, pixels: Tensor) -> Tensor:
        """Normalised images (n, 3, s, s) to the features of their cells (n, cells², width)."""

    @abstractmethod
    def words(self, texts: Sequence[str]) -> TextFeatures:
        """n sentences. Raises TextTooLong."""
