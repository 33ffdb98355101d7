"""SAM as a segmenter: its encoder and decoder, as `SamPredictor` uses them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ....datasets.steps import Image
from ..embeddings import Embedding
from ..interface import Click, Mask, Prompts
from ..promptable import (
    Answer,
    Logits,
    PromptableSegmenter,
    coordinates,
    corners,
    is_lone_click,
    labels,
    logits_of,
)
from ..weights import Weights, identity
from .decoding import ImageDecoder
from .library import NAME, segment_anything
from .resizing import resized
from .weights import find_weights, load_sam

SIDE = 256  # of the logits, the image's long side along it


class SamSegmenter(PromptableSegmenter):
    """Segment Anything by its own package. ``weights``: file of a published checkpoint; where none
    is named, the environment's. Raises NoWeights."""

    def __init__(self, weights: str = "") -> None:
        super().__init__(_Model(find_weights(weights)))


@dataclass(frozen=True, slots=True)
class _Model:
    weights: Weights

    @property
    def version(self) -> str:
        return identity(self.weights, NAME)

    @property
    def encoder(self) -> nn.Module:
        return load_sam(self.weights).image_encoder

    def embed(self, image: Image) -> Embedding:
        predictor = segment_anything().SamPredictor(load_sam(self.weights))
        predictor.set_image(image)
        return (predictor.features,)

    @torch.inference_mode()
    def decoder(self, image: Image, embedding: Embedding) -> "_Decoder":
        """A predictor that knows the image's size, as its ``set_image`` leaves it."""
        predictor = segment_anything().SamPredictor(load_sam(self.weights))
        side = predictor.model.image_encoder.img_size
        predictor.original_size = image.shape[:2]
        predictor.input_size = predictor.transform.get_preprocess_shape(*image.shape[:2], side)
        features = embedding[0].to(predictor.device, torch.float32)
        return _Decoder(predictor, ImageDecoder(predictor.model, features))


@dataclass(frozen=True, slots=True)
class _Decoder:
    predictor: Any
    image: ImageDecoder

    @torch.inference_mode()
    def predict(self, prompts: Prompts, logits: Logits | None) -> list[Answer]:
        low, scores = self._decoded(prompts, logits)
        model, predictor = self.predictor.model, self.predictor
        square = model.image_encoder.img_size
        pixels = resized(low, square, predictor.input_size, predictor.original_size)
        masks = (pixels > model.mask_threshold).contiguous().numpy()
        surest = scores.argsort(descending=True).tolist()
        return [Answer(masks[each], float(scores[each]), low[each].numpy()) for each in surest]

    def _decoded(self, prompts: Prompts, logits: Logits | None) -> tuple[Tensor, Tensor]:
        """Logits (n, side, side) and scores (n,)."""
        clicks, box = prompts.clicks, prompts.box
        low, scores = self.image.decode(
            points=self._points(clicks) if clicks else None,
            boxes=None if box is None else self._in_square(corners(box)).flatten(1),
            masks=None if logits is None else self._tensor(logits)[None],
            several=is_lone_click(prompts, logits),
        )
        return low.cpu(), scores.clamp(0, 1).cpu()

    def _points(self, clicks: Sequence[Click]) -> tuple[Tensor, Tensor]:
        """(1, clicks, 2) in the model's square, and (1, clicks)."""
        return self._in_square(coordinates(clicks)), self._tensor(labels(clicks)).int()

    def _in_square(self, pixels: NDArray[np.float64]) -> Tensor:
        """(1, points, 2)"""
        transform, size = self.predictor.transform, self.predictor.original_size
        return self._tensor(transform.apply_coords(pixels, size)).float()

    def _tensor(self, values: NDArray[Any]) -> Tensor:
        """One image."""
        return torch.as_tensor(values, device=self.predictor.device)[None]

    def logits_of(self, mask: Mask) -> Logits:
        height, width = self.predictor.input_size
        scale = SIDE / self.predictor.model.image_encoder.img_size
        return logits_of(mask, (round(height * scale), round(width * scale)), SIDE)
