"""Weights of SAM 2 and EdgeTAM in transformers' layout."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from ...models.checkpoint import (
    CONFIG,
    Family,
    Tensors,
    UnusableWeights,
    build,
    find_checkpoint,
    read_config,
    read_tensors,
)
from ..weights import Weights
from .encoders import foreign_encoder

VARIABLE = "TEACHLOOP_SAM2"
FAMILY = Family(
    title="SAM 2 or EdgeTAM",
    method="sam2",
    variable=VARIABLE,
    published="facebook/sam2.1-hiera-tiny",
    siblings=" and its siblings",
)
SAM2, EDGETAM = "sam2", "edgetam"
OF_VIDEO = "_video"  # what a configuration adds to either of them
# One tensor under two names, of which a file may hold either.
TWICE = (
    "shared_image_embedding.positional_embedding",
    "prompt_encoder.shared_embedding.positional_embedding",
)

Classes: TypeAlias = Mapping[str, tuple[Any, Any]]
"""SAM2 or EDGETAM -> what transformers has for its configuration, and for the model itself."""


def find_weights(named: str = "") -> Weights:
    """Those of this folder or hub id, or of what the environment names. Nothing is fetched.

    Raises NoWeights, UnusableWeights.
    """
    return find_checkpoint(FAMILY, named)


def load(weights: Weights, classes: Classes) -> Any:
    """A model of transformers, on the GPU where there is one.

    Raises UnusableWeights, and MissingPackages for EdgeTAM where that is not installed.
    """
    folder = weights.path.parent
    told = _config(folder)
    config, model = classes[_kind(told)]
    return build(FAMILY, folder, config, model, told, _tensors(weights.path))


def _config(folder: Path) -> dict[str, Any]:
    """Raises UnusableWeights, MissingPackages."""
    told = read_config(FAMILY, folder)
    if _kind(told) not in (SAM2, EDGETAM):
        reason = f"its {CONFIG} is that of {told['model_type']!r:.40}"
        raise UnusableWeights(FAMILY, folder, reason)
    try:
        foreign = foreign_encoder(told)
    except (KeyError, TypeError, AttributeError) as error:
        reason = f"its {CONFIG} names no image encoder"
        raise UnusableWeights(FAMILY, folder, reason) from error
    if foreign:
        raise UnusableWeights(FAMILY, folder, foreign)
    return told


def _kind(told: dict[str, Any]) -> str:
    return str(told["model_type"]).removesuffix(OF_VIDEO)


def _tensors(path: Path) -> Tensors:
    tensors = read_tensors(FAMILY, path)
    held = [tensors[name] for name in TWICE if name in tensors]
    return (dict.fromkeys(TWICE, held[0]) if held else {}) | dict(tensors)
