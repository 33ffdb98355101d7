"""Checkpoints in transformers' layout: found, looked at, loaded as tensors and nothing else."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError
from safetensors.torch import load_file

from ...runtime.errors import TeachloopError
from ...runtime.regular_file import read_bytes, require_regular
from ..segmenters.weights import Weights

CONFIG, TENSORS = "config.json", "model.safetensors"
PICKLES = {".bin", ".pt", ".pth", ".ckpt"}
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
ATTENTION = "sdpa"  # torch's own; a configuration can name one of the hub, which is code

Tensors: TypeAlias = Mapping[str, torch.Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Models of one kind, and where their weights are named."""

    title: str
    """As people say it."""
    method: str
    """By which `labeler.json` names its weights."""
    variable: str
    """Of the environment, which names them as well."""
    published: str
    """Hub id of some that fit."""
    siblings: str = ""
    """Of others there, in words that follow the hub id."""
    terms: str = ""
    """What is to be done before they can be fetched, in words that follow a comma."""


class NoWeights(TeachloopError):
    def __init__(self, family: Family, named: str) -> None:
        where = (
            f"There is no folder {named}" if named else f"No weights of {family.title} are named"
        )
        if HUB_ID.fullmatch(named):
            where = f"{named} is no folder, and was not fetched from the hub to this machine"
        fetched = named if HUB_ID.fullmatch(named) else family.published
        super().__init__(
            f"{where}. Fetch them once by `hf download {fetched}`{family.terms}, and name that id, "
            f"or a folder, in {family.variable} or in labeler.json: "
            f'{{"weights": {{"{family.method}": "{fetched}"}}}}.'
        )


class UnusableWeights(TeachloopError):
    def __init__(self, family: Family, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} is no checkpoint of {family.title}: {reason}. Those of {family.published}"
            f"{family.siblings} are, as `hf download` fetches them."
        )


def find_checkpoint(family: Family, named: str) -> Weights:
    """That of this folder or hub id, or of what the environment names. Nothing is fetched.

    Raises NoWeights, UnusableWeights.
    """
    folder = find_folder(family, named)
    if not (folder / TENSORS).is_file():
        raise no_tensors(family, folder)
    return Weights.of(folder / TENSORS)


def find_folder(family: Family, named: str) -> Path:
    """That of this name or hub id, or of what the environment names. Nothing is fetched.

    Raises NoWeights, UnusableWeights.
    """
    wanted = named or os.environ.get(family.variable, "")
    path = Path(wanted).expanduser()
    if wanted and path.is_dir():
        return path
    if wanted and path.is_file():
        reason = f"it is a file, and not a folder of {CONFIG} and {TENSORS}"
        raise UnusableWeights(family, path, reason)
    if not HUB_ID.fullmatch(wanted):
        raise NoWeights(family, wanted)
    try:
        return Path(snapshot_download(wanted, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError) as error:
        raise NoWeights(family, wanted) from error


def no_tensors(family: Family, folder: Path) -> UnusableWeights:
    """Says so, and why what may lie there instead is not read."""
    pickled = any(each.suffix in PICKLES for each in folder.iterdir())
    more = "; pickles, which can hold code, are not read" if pickled else ""
    return UnusableWeights(family, folder, f"it has no {TENSORS}{more}")


def read_config(family: Family, folder: Path) -> dict[str, Any]:
    """What a checkpoint says of itself, its `model_type` for one. Raises UnusableWeights."""
    try:
        told = json.loads(read_bytes(folder / CONFIG))
        told["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableWeights(family, folder, f"its {CONFIG} cannot be read") from error
    return told


def read_tensors(family: Family, path: Path) -> Tensors:
    """Raises UnusableWeights."""
    try:
        require_regular(path)
        return load_file(path)
    except Exception as error:  # a file that is cut short, or something else
        reason = f"it cannot be read ({first_line(error)})"
        raise UnusableWeights(family, path, reason) from error


def build(
    family: Family, folder: Path, config: Any, model: Any, told: dict[str, Any], tensors: Tensors
) -> Any:
    """A model of transformers, on the GPU where there is one; without `from_pretrained`, which
    looks for more than these two files, and fills with random numbers what they do not have.

    Args:
        config: class of its configuration.
        model: its own class.
        told: its configuration.
        tensors: all that it has, and others it may be.

    Raises UnusableWeights.
    """
    try:
        built = config.from_dict(told)
        built._attn_implementation = ATTENTION  # of its parts as well
        made = model(built)
    except Exception as error:  # a configuration that no model has fails in many ways
        raise UnusableWeights(family, folder, f"its {CONFIG}: {first_line(error)}") from error
    if misfit := _misfit(made.state_dict(), tensors):
        raise UnusableWeights(family, folder, f"{misfit} that {model.__name__} has")
    made.load_state_dict(tensors, strict=False)
    return made.to("cuda" if torch.cuda.is_available() else "cpu").eval()


def _misfit(wanted: Tensors, given: Tensors) -> str:
    """Which tensors are missing, in words; "" where none is."""
    shapes = {name: tensor.shape for name, tensor in given.items()}
    wrong = [name for name, tensor in wanted.items() if shapes.get(name) != tensor.shape]
    if not wrong:
        return ""
    return f"{wrong[0]} is missing or of another size, one of {len(wrong)} of {len(wanted)} tensors"


def first_line(error: Exception) -> str:
    """Of what a library says; with the next where it only announces that."""
    lines = [line.strip() for line in str(error).strip().splitlines()] or [type(error).__name__]
    return " ".join(lines[: 2 if lines[0].endswith(":") else 1])[:150]
