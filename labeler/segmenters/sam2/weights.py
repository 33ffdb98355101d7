"""Weights of SAM 2 and EdgeTAM in transformers' layout: found, looked at, loaded as tensors and
nothing else."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError
from safetensors.torch import load_file

from ....runtime.errors import TeachloopError
from ....runtime.regular_file import read_bytes, require_regular
from ..weights import Weights
from .encoders import foreign_encoder

VARIABLE = "TEACHLOOP_SAM2"
CONFIG, TENSORS = "config.json", "model.safetensors"
PUBLISHED = "facebook/sam2.1-hiera-tiny"
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
SAM2, EDGETAM = "sam2", "edgetam"
OF_VIDEO = "_video"  # what a configuration adds to either of them
ATTENTION = "sdpa"  # torch's own; a configuration can name one of the hub, which is code
# One tensor under two names, of which a file may hold either.
TWICE = (
    "shared_image_embedding.positional_embedding",
    "prompt_encoder.shared_embedding.positional_embedding",
)

Tensors: TypeAlias = Mapping[str, torch.Tensor]
Classes: TypeAlias = Mapping[str, tuple[Any, Any]]
"""SAM2 or EDGETAM -> what transformers has for its configuration, and for the model itself."""


class NoWeights(TeachloopError):
    def __init__(self, named: str) -> None:
        where = f"There is no folder {named}" if named else "No weights of SAM 2 are named"
        if HUB_ID.fullmatch(named):
            where = f"{named} is no folder, and was not fetched from the hub to this machine"
        fetched = named if HUB_ID.fullmatch(named) else PUBLISHED
        super().__init__(
            f"{where}. Fetch them once by `hf download {fetched}`, and name that id, or a folder, "
            f'in {VARIABLE} or in labeler.json: {{"weights": {{"sam2": "{fetched}"}}}}.'
        )


class UnusableWeights(TeachloopError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} is no checkpoint of SAM 2 or EdgeTAM: {reason}. Those of {PUBLISHED} and its "
            f"siblings are, as `hf download` fetches them."
        )


def find_weights(named: str = "") -> Weights:
    """Those of this folder or hub id, or of what the environment names. Nothing is fetched.

    Raises NoWeights, UnusableWeights.
    """
    wanted = named or os.environ.get(VARIABLE, "")
    folder = _folder(wanted)
    if not (folder / TENSORS).is_file():
        pickled = "; pickles, which can hold code, are not read" if _pickles(folder) else ""
        raise UnusableWeights(folder, f"it has no {TENSORS}{pickled}")
    return Weights.of(folder / TENSORS)


def _folder(wanted: str) -> Path:
    path = Path(wanted).expanduser()
    if wanted and path.is_dir():
        return path
    if wanted and path.is_file():
        raise UnusableWeights(path, f"it is a file, and not a folder of {CONFIG} and {TENSORS}")
    if not HUB_ID.fullmatch(wanted):
        raise NoWeights(wanted)
    try:
        return Path(snapshot_download(wanted, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError) as error:
        raise NoWeights(wanted) from error


def _pickles(folder: Path) -> bool:
    return any(each.suffix in {".bin", ".pt", ".pth"} for each in folder.iterdir())


def load(weights: Weights, classes: Classes) -> Any:
    """A model of transformers, on the GPU where there is one; without `from_pretrained`, which
    looks for more than these two files, and fills with random numbers what they do not have.

    Raises UnusableWeights, and MissingPackages for EdgeTAM where that is not installed.
    """
    folder = weights.path.parent
    told, tensors = _config(folder), _tensors(weights.path)
    config, model = classes[_family(told)]
    try:
        built = config.from_dict(told)
        built._attn_implementation = ATTENTION  # of its parts as well
        made = model(built)
    except Exception as error:  # a configuration that no model has fails in many ways
        raise UnusableWeights(folder, f"its {CONFIG}: {_first_line(error)}") from error
    if misfit := _misfit(made.state_dict(), tensors):
        raise UnusableWeights(folder, f"{misfit} that {model.__name__} has")
    made.load_state_dict(tensors, strict=False)
    return made.to("cuda" if torch.cuda.is_available() else "cpu").eval()


def _misfit(wanted: Tensors, given: Tensors) -> str:
    """Which tensors are missing, in words; "" where none is."""
    shapes = {name: tensor.shape for name, tensor in given.items()}
    wrong = [name for name, tensor in wanted.items() if shapes.get(name) != tensor.shape]
    if not wrong:
        return ""
    return f"{wrong[0]} is missing or of another size, one of {len(wrong)} of {len(wanted)} tensors"


def _config(folder: Path) -> dict[str, Any]:
    """Of SAM 2 or EdgeTAM. Raises UnusableWeights, MissingPackages."""
    try:
        told = json.loads(read_bytes(folder / CONFIG))
        kind = told["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableWeights(folder, f"its {CONFIG} cannot be read") from error
    if _family(told) not in (SAM2, EDGETAM):
        raise UnusableWeights(folder, f"its {CONFIG} is that of {kind!r:.40}")
    try:
        foreign = foreign_encoder(told)
    except (KeyError, TypeError, AttributeError) as error:
        raise UnusableWeights(folder, f"its {CONFIG} names no image encoder") from error
    if foreign:
        raise UnusableWeights(folder, foreign)
    return told


def _family(told: dict[str, Any]) -> str:
    return str(told["model_type"]).removesuffix(OF_VIDEO)


def _tensors(path: Path) -> Tensors:
    try:
        require_regular(path)
        tensors = load_file(path)
    except Exception as error:  # a file that is cut short, or something else
        raise UnusableWeights(path, f"it cannot be read ({_first_line(error)})") from error
    held = [tensors[name] for name in TWICE if name in tensors]
    return (dict.fromkeys(TWICE, held[0]) if held else {}) | tensors


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:150]
