"""SAM as a segmenter: the first click chooses among three masks, further ones refine that one."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from ....datasets.steps import Image
from ...errors import NothingPrompted
from ..interface import Click, Example, Mask, Prompts, Segmentation
from .library import segment_anything
from .weights import load_sam

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


class Embeddings:
    """What the encoder said of images, in half precision, for all takes and objects. Safe to use
    from several threads: two never compute the same."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, bytes], torch.Tensor] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, predictor: Any, image: Image) -> torch.Tensor:
        """The embedding (1, 256, 64, 64) of an image (height, width, 3)."""
        key = _key(predictor, image)
        with self._lock:
            if key not in self._kept:
                predictor.set_image(image)
                self._kept[key] = predictor.features.half()
                if len(self._kept) > EMBEDDINGS:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def have(self, predictor: Any, image: Image) -> bool:
        """Whether nothing has to be computed."""
        return _key(predictor, image) in self._kept


def _key(predictor: Any, image: Image) -> tuple[int, bytes]:
    return id(predictor.model), hashlib.sha256(image.tobytes()).digest()


EMBEDDED = Embeddings()


class SamSegmenter:
    """Segment Anything by its own package. ``weights``: file of a published checkpoint; where none
    is named, the environment's. Raises NoWeights, UnusableWeights."""

    def __init__(self, weights: str = "") -> None:
        self._predictor = segment_anything().SamPredictor(load_sam(weights))
        self._found: OrderedDict[Prompts, _Found] = OrderedDict()
        self._image: Image | None = None
        self.logits: Logits | None = None
        """Of the newest mask, (256, 256), the image's long side along 256."""

    def set_image(self, image: Image) -> None:
        """Remember it; the encoder looks at it with the first prompt."""
        self._image = image
        self._found.clear()
        self._predictor.reset_image()

    @property
    def ready(self) -> bool:
        """See ``LookingSegmenter``."""
        predictor, image = self._predictor, self._image
        return predictor.is_image_set or (image is not None and EMBEDDED.have(predictor, image))

    def look(self) -> None:
        """See ``LookingSegmenter``."""
        if self._image is not None:
            EMBEDDED.of(segment_anything().SamPredictor(self._predictor.model), self._image)

    def segment(
        self,
        prompts: Prompts,
        previous: Mask | None = None,
        examples: Sequence[Example] = (),
    ) -> Segmentation:
        """See ``Segmenter.segment``. SAM knows no examples."""
        known = previous if previous is not None and previous.any() else None
        if self._image is None or not (prompts.positive or prompts.box or known is not None):
            raise NothingPrompted
        self._look(self._image)
        found = self._refined(prompts) if known is None else self._corrected(prompts, known)
        self.logits = found.logits
        return Segmentation(found.mask, found.score)

    def _look(self, image: Image) -> None:
        """Have the image's embedding, as ``SamPredictor.set_image`` leaves it."""
        predictor = self._predictor
        if predictor.is_image_set:
            return
        embedding = EMBEDDED.of(predictor, image)
        predictor.original_size = image.shape[:2]
        side = predictor.model.image_encoder.img_size
        predictor.input_size = predictor.transform.get_preprocess_shape(*image.shape[:2], side)
        predictor.features = embedding.to(torch.float32)
        predictor.is_image_set = True

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
        lone_click = logits is None and prompts.box is None and len(prompts.clicks) == 1
        masks, scores, low = self._predictor.predict(
            point_coords=_coordinates(prompts.clicks),
            point_labels=_labels(prompts.clicks),
            box=None if prompts.box is None else np.array(prompts.box),
            mask_input=None if logits is None else logits[None],
            multimask_output=lone_click,
        )
        best = int(scores.argmax())
        return _Found(masks[best], float(np.clip(scores[best], 0, 1)), low[best])


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
