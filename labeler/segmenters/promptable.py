"""What SAM and SAM 2 have in common: an encoder that looks at an image for long, and a decoder that
answers at once, each prompt with the logits of those before it."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import nn

from ...datasets.steps import Image
from ..errors import NothingPrompted
from .embeddings import EMBEDDED, Embedding, key_of
from .interface import Box, Candidate, Click, Example, Files, Mask, Prompts, Segmentation
from .interruptible import GivenUp, interruptible
from .threads import sharing_cores

Logits = NDArray[np.float32]  # (side, side)

SURE = 10.0  # logit of a pixel that a mask from elsewhere has
REMEMBERED = 64  # masks that later clicks refine


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A mask (height, width), the model's own score of it, 0 … 1, and its logits."""

    mask: Mask
    score: float
    logits: Logits


class Decoder(Protocol):
    """Answers prompts in one image that was looked at."""

    def predict(self, prompts: Prompts, logits: Logits | None) -> Sequence[Answer]:
        """All that a lone click may mean, else one mask; the surest comes first. ``logits``: of the
        mask that the prompts refine."""
        ...

    def logits_of(self, mask: Mask) -> Logits:
        """Of a mask (height, width) from elsewhere, as the model would have said it."""
        ...


class Model(Protocol):
    """Weights of one kind. They are loaded by who looks first."""

    @property
    def version(self) -> str:
        """What tells these weights from all others, in letters and digits."""
        ...

    @property
    def encoder(self) -> nn.Module:
        """What looks at an image. Raises UnusableWeights."""
        ...

    def embed(self, image: Image) -> Embedding:
        """Look at an image (height, width, 3), for seconds. Raises UnusableWeights."""
        ...

    def decoder(self, image: Image, embedding: Embedding) -> Decoder:
        """Raises UnusableWeights."""
        ...


class PromptableSegmenter:
    """A ``KeepingSegmenter``: a lone click may mean three masks, further ones refine the chosen."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._answers: OrderedDict[Prompts, Sequence[Answer]] = OrderedDict()
        self._image: Image | None = None
        self._key = ""
        self._files: Files | None = None
        self._decoder: Decoder | None = None  # once the image was looked at
        self.logits: Logits | None = None
        """Of the newest mask."""

    def set_image(self, image: Image) -> None:
        """Remember it; the encoder looks at it with the first prompt."""
        self._image, self._decoder = image, None
        self._key = key_of(self._model.version, image)
        self._answers.clear()

    @property
    def ready(self) -> bool:
        """See ``LookingSegmenter``."""
        return self._decoder is not None or EMBEDDED.known(self._key, self._files) is not None

    def look(self) -> None:
        """See ``LookingSegmenter``. Raises UnusableWeights."""
        if self._image is not None:
            self._looked_at(self._image)

    def keep_in(self, files: Files) -> None:
        """See ``KeepingSegmenter``."""
        self._files = files

    def look_ahead(self, may_go_on: Callable[[], bool]) -> bool:
        """See ``KeepingSegmenter``. Raises UnusableWeights."""
        if not self.ready:
            with suppress(GivenUp), interruptible(self._model.encoder, may_go_on):
                self.look()
        return self._decoder is not None or self.ready

    def segment(
        self,
        prompts: Prompts,
        previous: Mask | None = None,
        examples: Sequence[Example] = (),
    ) -> Segmentation:
        """See ``Segmenter.segment``. These models know no examples. Raises UnusableWeights."""
        known = previous if previous is not None and previous.any() else None
        if self._image is None or not (prompts.positive or prompts.box or known is not None):
            raise NothingPrompted
        decoder = self._looked_at(self._image)
        with sharing_cores():
            if known is None:
                answers = self._refined(decoder, prompts)
            else:
                answers = decoder.predict(prompts, decoder.logits_of(known))
        chosen = _chosen(prompts, answers)
        self.logits = chosen.logits
        several = answers if len(answers) > 1 else []
        candidates = tuple(Candidate(each.mask, each.score) for each in several)
        return Segmentation(chosen.mask, chosen.score, candidates)

    def _looked_at(self, image: Image) -> Decoder:
        if self._decoder is None:
            embedding = EMBEDDED.of(self._key, lambda: self._model.embed(image), self._files)
            self._decoder = self._model.decoder(image, embedding)
        return self._decoder

    def _refined(self, decoder: Decoder, prompts: Prompts) -> Sequence[Answer]:
        """One prompt after the other, each with the logits of those before it."""
        if prompts not in self._answers:
            before = _one_less(prompts)
            logits = None
            if before is not None:
                logits = _chosen(before, self._refined(decoder, before)).logits
            self._answers[prompts] = decoder.predict(prompts, logits)
            if len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return self._answers[prompts]


def is_lone_click(prompts: Prompts, logits: Logits | None) -> bool:
    """Whether one click is all that was said: it may mean the whole, a part, or a part of that."""
    return logits is None and prompts.box is None and len(prompts.clicks) == 1


def coordinates(clicks: Sequence[Click]) -> NDArray[np.float64]:
    """(clicks, 2) pixels as these models count them: centres at whole numbers."""
    return np.reshape([(click.u - 0.5, click.v - 0.5) for click in clicks], (-1, 2))


def labels(clicks: Sequence[Click]) -> NDArray[np.int64]:
    """(clicks,) 1 on the object, 0 beside it."""
    return np.array([click.positive for click in clicks], np.int64)


def corners(box: Box) -> NDArray[np.float64]:
    """(2, 2) top left and bottom right."""
    return np.reshape(box, (2, 2))


def logits_of(mask: Mask, size: tuple[int, int], side: int) -> Logits:
    """Of a mask that fills ``size`` (height, width) of the square of ``side``, top left."""
    height, width = size
    small = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_AREA)
    logits = np.full((side, side), -SURE, np.float32)
    logits[:height, :width] = np.where(small > 0, SURE, -SURE)
    return logits


def _chosen(prompts: Prompts, answers: Sequence[Answer]) -> Answer:
    """The one that is shown, and that further prompts refine."""
    return answers[prompts.clicks[0].choice % len(answers)] if len(answers) > 1 else answers[0]


def _one_less(prompts: Prompts) -> Prompts | None:
    """The prompts before the last click; None where there were none that give a mask."""
    before = Prompts(prompts.clicks[:-1], prompts.box)
    usable = before.positive or before.box
    return before if prompts.clicks and usable else None
