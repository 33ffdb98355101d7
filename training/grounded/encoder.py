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

    @abstractmethod
    def cells(self, pixels: Tensor) -> Tensor:
        """Normalised images (n, 3, s, s) to the features of their cells (n, cells², width)."""

    @abstractmethod
    def words(self, texts: Sequence[str]) -> TextFeatures:
        """n sentences. Raises TextTooLong."""
