"""SAM as a segmenter: its encoder and decoder, as `SamPredictor` uses them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from ....datasets.steps import Image
from ..embeddings import Embedding
from ..interface import Mask, Prompts
from ..promptable import (
    Answer,
    Logits,
    PromptableSegmenter,
    coordinates,
    is_lone_click,
    labels,
    logits_of,
)
from ..weights import Weights, identity
from .library import NAME, segment_anything
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

    def decoder(self, image: Image, embedding: Embedding) -> "_Decoder":
        """A predictor as its ``set_image`` leaves it."""
        predictor = segment_anything().SamPredictor(load_sam(self.weights))
        side = predictor.model.image_encoder.img_size
        predictor.original_size = image.shape[:2]
        predictor.input_size = predictor.transform.get_preprocess_shape(*image.shape[:2], side)
        predictor.features = embedding[0].to(predictor.device, torch.float32)
        predictor.is_image_set = True
        return _Decoder(predictor)


@dataclass(frozen=True, slots=True)
class _Decoder:
    predictor: Any

    def predict(self, prompts: Prompts, logits: Logits | None) -> list[Answer]:
        clicks = prompts.clicks
        masks, scores, low = self.predictor.predict(
            point_coords=coordinates(clicks) if clicks else None,
            point_labels=labels(clicks) if clicks else None,
            box=None if prompts.box is None else np.array(prompts.box),
            mask_input=None if logits is None else logits[None],
            multimask_output=is_lone_click(prompts, logits),
        )
        scores = scores.clip(0, 1)
        surest = scores.argsort()[::-1]
        return [Answer(masks[each], float(scores[each]), low[each]) for each in surest]

    def logits_of(self, mask: Mask) -> Logits:
        height, width = self.predictor.input_size
        scale = SIDE / self.predictor.model.image_encoder.img_size
        return logits_of(mask, (round(height * scale), round(width * scale)), SIDE)
