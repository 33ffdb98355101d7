"""SAM 2 as a segmenter: `Sam2Model` or `EdgeTamModel` of transformers, without its processor."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ....datasets.steps import Image
from ...models.checkpoint import CONFIG
from ..embeddings import Embedding
from ..interface import Mask, Prompts
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
from ..weights import Weights, identity, kept
from .images import in_square, to_mask, to_pixels
from .weights import EDGETAM, SAM2, find_weights, load


class Sam2Segmenter(PromptableSegmenter):
    """SAM 2, 2.1 or EdgeTAM. ``weights``: folder or hub id of a checkpoint in transformers' layout;
    where none is named, the environment's. Raises NoWeights, UnusableWeights."""

    def __init__(self, weights: str = "") -> None:
        super().__init__(_Model(find_weights(weights)))


@kept
def load_image_model(weights: Weights) -> Any:
    """A `Sam2Model` or an `EdgeTamModel`. Raises UnusableWeights, MissingPackages."""
    from transformers import EdgeTamConfig, EdgeTamModel, Sam2Config, Sam2Model

    classes = {SAM2: (Sam2Config, Sam2Model), EDGETAM: (EdgeTamConfig, EdgeTamModel)}
    return load(weights, classes)


def check_weights(named: str) -> None:
    """Whether they can be loaded. Raises NoWeights, UnusableWeights, MissingPackages."""
    load_image_model(find_weights(named))


def _configuration(weights: Weights) -> str:
    """Nothing where it cannot be read, which is said once the weights are loaded."""
    try:
        return (weights.path.parent / CONFIG).read_bytes().hex()
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class _Model:
    weights: Weights

    @property
    def version(self) -> str:
        return identity(self.weights, _configuration(self.weights), version("transformers"))

    @property
    def encoder(self) -> nn.Module:
        return load_image_model(self.weights).vision_encoder

    def embed(self, image: Image) -> Embedding:
        model = load_image_model(self.weights)
        pixels = to_pixels(image, model.prompt_encoder.input_image_size)
        return tuple(model.get_image_embeddings(pixels.to(model.device)))

    def decoder(self, image: Image, embedding: Embedding) -> "_Decoder":
        model = load_image_model(self.weights)
        maps = [each.to(model.device, torch.float32) for each in embedding]
        return _Decoder(model, maps, image.shape[:2])


@dataclass(frozen=True, slots=True, eq=False)
class _Decoder:
    model: Any
    maps: list[torch.Tensor]
    shape: tuple[int, int]

    @torch.no_grad()
    def predict(self, prompts: Prompts, logits: Logits | None) -> list[Answer]:
        clicks, box = prompts.clicks, prompts.box
        found = self.model(
            image_embeddings=self.maps,
            input_points=self._in_square(coordinates(clicks)) if clicks else None,
            input_labels=self._tensor(labels(clicks)) if clicks else None,
            input_boxes=None if box is None else self._in_square(corners(box)).flatten(2),
            input_masks=None if logits is None else self._tensor(logits),
            multimask_output=is_lone_click(prompts, logits),
        )
        scores, lows = found.iou_scores[0, 0], found.pred_masks[0, 0]
        masks = [to_mask(low, self.shape).cpu().numpy() for low in lows]
        return [
            Answer(masks[each], float(scores[each]), lows[each].cpu().numpy())
            for each in scores.argsort(descending=True).tolist()
        ]

    def logits_of(self, mask: Mask) -> Logits:
        side: int = self.model.prompt_encoder.mask_input_size[0]
        return logits_of(mask, (side, side), side)

    def _in_square(self, pixels: NDArray[np.float64]) -> torch.Tensor:
        """(1, 1, points, 2)"""
        side = self.model.prompt_encoder.input_image_size
        return self._tensor(in_square(pixels, self.shape, side))

    def _tensor(self, values: NDArray[Any]) -> torch.Tensor:
        """One image, one object."""
        return torch.as_tensor(values, device=self.model.device)[None, None]
