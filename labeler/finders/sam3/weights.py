"""SAM 3's weights and its tokenizer in transformers' layout."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ...models.checkpoint import (
    CONFIG,
    TENSORS,
    Family,
    Tensors,
    UnusableWeights,
    build,
    find_checkpoint,
    first_line,
    read_config,
    read_tensors,
)
from ...segmenters.weights import Weights, kept

SAM3 = Family(
    title="SAM 3",
    method="sam3",
    variable="TEACHLOOP_SAM3",
    published="facebook/sam3",
    terms=", once you agreed to their licence on the hub and logged in by `hf auth login`",
)
TOKENIZER = "tokenizer.json"
DETECTOR = "detector_model."  # before the names of its tensors where a tracker lies beside it


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """What can be asked."""

    model: Any  # a `Sam3Model`
    tokenizer: Any


def find_weights(named: str = "") -> Weights:
    """Those of this folder or hub id, or of what the environment names. Nothing is fetched.

    Raises NoWeights, UnusableWeights.
    """
    return find_checkpoint(SAM3, named)


def check_weights(named: str) -> None:
    """Whether they can be loaded, and words be read. Raises NoWeights, UnusableWeights."""
    load_sam3(find_weights(named))


@kept
def load_sam3(weights: Weights) -> Loaded:
    """On the GPU where there is one. Raises UnusableWeights."""
    from transformers import Sam3Config, Sam3Model

    folder = weights.path.parent
    told, tokenizer = _config(folder), _tokenizer(folder)
    model = build(SAM3, folder, Sam3Config, Sam3Model, told, _tensors(weights.path))
    if len(tokenizer) > model.config.text_config.vocab_size:
        raise UnusableWeights(SAM3, folder, f"its {TOKENIZER} knows other words than its model")
    return Loaded(model.requires_grad_(False), tokenizer)


def _tokenizer(folder: Path) -> Any:
    from transformers import CLIPTokenizer

    if not (folder / TOKENIZER).is_file():
        raise UnusableWeights(SAM3, folder, f"it has no {TOKENIZER} beside its {TENSORS}")
    try:
        return CLIPTokenizer.from_pretrained(folder, local_files_only=True)
    except Exception as error:  # of a library in another language
        reason = f"its {TOKENIZER} cannot be read ({first_line(error)})"
        raise UnusableWeights(SAM3, folder, reason) from error


def _config(folder: Path) -> dict[str, Any]:
    """That of images; as it is published, it lies in that of videos."""
    told = read_config(SAM3, folder)
    kind, within = told["model_type"], told.get("detector_config")
    if kind == "sam3_video" and isinstance(within, dict):
        return within
    if kind != "sam3":
        raise UnusableWeights(SAM3, folder, f"its {CONFIG} is that of {kind!r:.40}")
    return told


def _tensors(path: Path) -> Tensors:
    tensors = read_tensors(SAM3, path)
    return _detector(tensors) or tensors


def _detector(tensors: Tensors) -> Mapping[str, torch.Tensor]:
    return {
        name.removeprefix(DETECTOR): tensor
        for name, tensor in tensors.items()
        if name.startswith(DETECTOR)
    }
