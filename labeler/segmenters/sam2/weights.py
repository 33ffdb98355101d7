"""SAM 2's weights in transformers' layout."""

from pathlib import Path
from typing import Any

from ..checkpoint import (
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

VARIABLE = "TEACHLOOP_SAM2"
SAM2 = Family(
    title="SAM 2",
    method="sam2",
    variable=VARIABLE,
    published="facebook/sam2.1-hiera-tiny",
    siblings=" and its siblings",
)
TYPES = {"sam2", "sam2_video"}
# One tensor under two names, of which a file may hold either.
TWICE = (
    "shared_image_embedding.positional_embedding",
    "prompt_encoder.shared_embedding.positional_embedding",
)


def find_weights(named: str = "") -> Weights:
    """Those of this folder or hub id, or of what the environment names. Nothing is fetched.

    Raises NoWeights, UnusableWeights.
    """
    return find_checkpoint(SAM2, named)


def load(weights: Weights, config: Any, model: Any) -> Any:
    """A model of transformers, on the GPU where there is one.

    Args:
        config: class of its configuration.
        model: its own class.

    Raises UnusableWeights.
    """
    folder = weights.path.parent
    return build(SAM2, folder, config, model, _config(folder), _tensors(weights.path))


def _config(folder: Path) -> dict[str, Any]:
    told = read_config(SAM2, folder)
    kind = told["model_type"]
    if str(kind).startswith("edgetam"):
        needed = "it is EdgeTAM, whose image encoder needs the packages timm and torchvision"
        raise UnusableWeights(SAM2, folder, needed)
    if kind not in TYPES:
        raise UnusableWeights(SAM2, folder, f"its {CONFIG} is that of {kind!r:.40}")
    return told


def _tensors(path: Path) -> Tensors:
    tensors = read_tensors(SAM2, path)
    held = [tensors[name] for name in TWICE if name in tensors]
    return (dict.fromkeys(TWICE, held[0]) if held else {}) | dict(tensors)
