"""SAM 3 as a finder: `Sam3Model` of transformers, without its image processor."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional

from ....datasets.steps import Image
from ....runtime.errors import TeachloopError
from ...segmenters.interruptible import GivenUp, interruptible
from ...segmenters.sam2.images import to_pixels
from ..interface import Detection
from .weights import find_weights, load_sam3

MEAN = STD = (0.5, 0.5, 0.5)  # of channels from 0 to 1
TOKENS = 32  # that are read, the two that begin and end a text among them
LEAST = 0.3  # score of what is found, as the library has it
INSIDE = 0.5  # of a mask
MOST = 20  # masks


class TooManyWords(TeachloopError):
    def __init__(self, words: str) -> None:
        super().__init__(
            f"SAM 3 reads {TOKENS - 2} tokens, and {words!r:.60} is longer. Call the object by "
            "fewer words."
        )


class Sam3Finder:
    """A ``Finder``. ``weights``: folder or hub id of a checkpoint in transformers' layout; where
    none is named, the environment's. Raises NoWeights, UnusableWeights."""

    def __init__(self, weights: str = "") -> None:
        self._weights = find_weights(weights)
        self._looking = Lock()
        self._image: Image | None = None
        self._seen: Any = None  # of that image

    def find(
        self, image: Image, words: str, may_go_on: Callable[[], bool] = lambda: True
    ) -> list[Detection]:
        """See ``Finder.find``. Raises UnusableWeights, TooManyWords."""
        loaded = load_sam3(self._weights)
        tokens, model = tokens_of(loaded.tokenizer, words), loaded.model
        with self._looking, suppress(GivenUp), interruptible(model, may_go_on), torch.no_grad():
            seen = self._looked_at(model, image)
            on_device = {name: each.to(model.device) for name, each in tokens.items()}
            return detections(model(vision_embeds=seen, **on_device), image.shape[:2])
        return []

    def _looked_at(self, model: Any, image: Image) -> Any:
        if self._image is None or not np.array_equal(image, self._image):
            pixels = to_pixels(image, model.config.image_size, MEAN, STD)
            self._seen = model.get_vision_features(pixels.to(model.device))
            self._image = image
        return self._seen


def tokens_of(tokenizer: Any, words: str) -> dict[str, torch.Tensor]:
    """Ids and attention mask (1, 32) of a text. Raises TooManyWords."""
    read = tokenizer(words, padding="max_length", max_length=TOKENS, return_tensors="pt")
    if read["input_ids"].shape[1] > TOKENS:
        raise TooManyWords(words)
    return {name: read[name] for name in ("input_ids", "attention_mask")}


def detections(told: Any, shape: tuple[int, ...]) -> list[Detection]:
    """What a `Sam3Model` says of one image (height, width), as
    `Sam3ImageProcessor.post_process_instance_segmentation` has it; the surest first."""
    scores = (told.pred_logits.sigmoid() * told.presence_logits.sigmoid())[0]
    surest = scores.argsort(descending=True)[:MOST]
    kept = surest[scores[surest] > LEAST]
    if not len(kept):
        return []
    inside = functional.interpolate(
        told.pred_masks[:, kept].sigmoid(), shape, mode="bilinear", align_corners=False
    )
    masks = (inside[0] > INSIDE).cpu().numpy()
    found = zip(masks, scores[kept].tolist(), strict=True)
    return [Detection(mask, score) for mask, score in found if mask.any()]
