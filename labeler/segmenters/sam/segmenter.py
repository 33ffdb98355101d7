"""SAM as a segmenter: the first click may mean three masks, further ones refine the chosen one."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from ....datasets.steps import Image
from ...errors import NothingPrompted
from ..interface import Candidate, Click, Example, Mask, Prompts, Segmentation
from .library import segment_anything
from .weights import Weights, find_weights, load_sam

Logits = NDArray[np.float32]  # (256, 256)

SIDE = 256  # of the logits
SURE = 10.0  # logit of a pixel that a mask from elsewhere has
EMBEDDINGS = 64  # images whose embeddings are kept, 2 MB each
REMEMBERED = 64  # masks that later clicks refine


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    mask: Mask
    score: float
    logits: Logits
    candidates: tuple[Candidate, ...] = ()


class Embeddings:
    """What the encoder said of images, in half precision, for all takes and objects. Safe to use
    from several threads: two never compute the same, and what is known waits for no other image."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, torch.Tensor] = OrderedDict()
        self._keeping, self._looking = threading.Lock(), threading.Lock()

    def of(self, key: Hashable, look: Callable[[], torch.Tensor]) -> torch.Tensor:
        """The embedding (1, 256, 64, 64) that is known by this key, or that ``look`` gives."""
        known = self.known(key)
        if known is not None:
            return known
        with self._looking:
            known = self.known(key)
            return self._keep(key, look().half()) if known is None else known

    def known(self, key: Hashable) -> torch.Tensor | None:
        """None where it has to be computed."""
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: Hashable, embedding: torch.Tensor) -> torch.Tensor:
        with self._keeping:
            self._kept[key] = embedding
            if len(self._kept) > EMBEDDINGS:
                self._kept.popitem(last=False)
        return embedding


EMBEDDED = Embeddings()


class SamSegmenter:
    """Segment Anything by its own package. ``weights``: file of a published checkpoint; where none
    is named, the environment's. It is loaded by who looks first. Raises NoWeights."""

    def __init__(self, weights: str = "") -> None:
        self._weights = find_weights(weights)
        self._found: OrderedDict[Prompts, _Found] = OrderedDict()
        self._image: Image | None = None
        self._predictor: Any = None  # once the image was looked at
        self.logits: Logits | None = None
        """Of the newest mask, (256, 256), the image's long side along 256."""

    def set_image(self, image: Image) -> None:
        """Remember it; the encoder looks at it with the first prompt."""
        self._image, self._predictor = image, None
        self._found.clear()

    @property
    def ready(self) -> bool:
        """See ``LookingSegmenter``."""
        return self._predictor is not None or EMBEDDED.known(self._key) is not None

    @property
    def _key(self) -> Hashable:
        pixels = b"" if self._image is None else self._image.tobytes()
        return self._weights, hashlib.sha256(pixels).digest()

    def look(self) -> None:
        """See ``LookingSegmenter``. Raises UnusableWeights."""
        image = self._image
        if image is None or self._predictor is not None:
            return

        def embedding() -> torch.Tensor:
            predictor = segment_anything().SamPredictor(load_sam(self._weights))
            predictor.set_image(image)
            return predictor.features

        self._predictor = _seen(image, EMBEDDED.of(self._key, embedding), self._weights)

    def segment(
        self,
        prompts: Prompts,
        previous: Mask | None = None,
        examples: Sequence[Example] = (),
    ) -> Segmentation:
        """See ``Segmenter.segment``. SAM knows no examples. Raises UnusableWeights."""
        known = previous if previous is not None and previous.any() else None
        if self._image is None or not (prompts.positive or prompts.box or known is not None):
            raise NothingPrompted
        self.look()
        found = self._refined(prompts) if known is None else self._corrected(prompts, known)
        self.logits = found.logits
        return Segmentation(found.mask, found.score, found.candidates)

    def _refined(self, prompts: Prompts) -> _Found:
        """One prompt after the other, each with the logits of those before it."""
        if prompts not in self._found:
            before = _one_less(prompts)
            logits = None if before is None else self._refined(before).logits
            self._found[prompts] = self._predict(prompts, logits)
            if len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        return self._found[prompts]

    def _corrected(self, prompts: Prompts, known: Mask) -> _Found:
        """From a mask that came from elsewhere."""
        return self._predict(prompts, _logits_of(known, self._predictor))

    def _predict(self, prompts: Prompts, logits: Logits | None) -> _Found:
        lone = logits is None and prompts.box is None and len(prompts.clicks) == 1
        masks, scores, low = self._predictor.predict(
            point_coords=_coordinates(prompts.clicks),
            point_labels=_labels(prompts.clicks),
            box=None if prompts.box is None else np.array(prompts.box),
            mask_input=None if logits is None else logits[None],
            multimask_output=lone,
        )
        scores = scores.clip(0, 1)
        surest = scores.argsort()[::-1]
        chosen = surest[prompts.clicks[0].choice % len(surest)] if lone else surest[0]
        candidates = [Candidate(masks[each], float(scores[each])) for each in surest if lone]
        return _Found(masks[chosen], float(scores[chosen]), low[chosen], tuple(candidates))


def _seen(image: Image, embedding: torch.Tensor, weights: Weights) -> Any:
    """A predictor as its ``set_image`` leaves it."""
    predictor = segment_anything().SamPredictor(load_sam(weights))
    side = predictor.model.image_encoder.img_size
    predictor.original_size = image.shape[:2]
    predictor.input_size = predictor.transform.get_preprocess_shape(*image.shape[:2], side)
    predictor.features = embedding.to(torch.float32)
    predictor.is_image_set = True
    return predictor


def _one_less(prompts: Prompts) -> Prompts | None:
    """The prompts before the last click; None where there were none that give a mask."""
    before = Prompts(prompts.clicks[:-1], prompts.box)
    usable = before.positive or before.box
    return before if prompts.clicks and usable else None


def _coordinates(clicks: Sequence[Click]) -> NDArray[np.float64] | None:
    """SAM's pixels have their centres at whole numbers."""
    return np.array([(click.u - 0.5, click.v - 0.5) for click in clicks]) if clicks else None


def _labels(clicks: Sequence[Click]) -> NDArray[np.int64] | None:
    return np.array([int(click.positive) for click in clicks]) if clicks else None


def _logits_of(mask: Mask, predictor: Any) -> Logits:
    """A mask (height, width) as SAM would have said it: the long side fills the square."""
    height, width = predictor.input_size
    scale = SIDE / predictor.model.image_encoder.img_size
    size = round(width * scale), round(height * scale)
    small = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_AREA)
    logits = np.full((SIDE, SIDE), -SURE, np.float32)
    logits[: size[1], : size[0]] = np.where(small > 0, SURE, -SURE)
    return logits
