"""Checkpoints in the published layout: loaded from a folder or the hub."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
from torch import Tensor

from ...runtime.errors import TeachloopError
from ...runtime.json_file import read_json
from ..policies.base_names import split_base
from . import prompt
from .mapping import Slot, slots, to_reference
from .model import OpenVLA
from .quantise import quantise
from .self_test import self_test
from .settings import (
    CONFIG,
    MISFITS,
    TOWERS,
    NotOpenVLA,
    OpenVLASettings,
    in_words,
    read_files,
    read_json_files,
)
from .sizes import Shapes, Towers, towers_from_cards, towers_from_shapes
from .weights import Weights, open_weights

DOWNLOADED = ["*.json", "*.safetensors", "tokenizer.model"]
MAX_NAMED = 5  # keys in an error
FRACTIONS = ("F64", "F32", "F16", "BF16")
OUTPUT = "language_model.lm_head.weight"  # whose type all others take, where none is asked for


class CheckpointMissing(TeachloopError):
    """Neither a folder nor a model of the hub."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(
            f"No OpenVLA at {source!r}: {reason}. Give a folder with {CONFIG} and safetensors, "
            "or a Hugging Face id such as openvla/openvla-7b."
        )


class WrongTensors(TeachloopError):
    """The weights are not those of the model that the configuration describes."""

    def __init__(self, folder: Path, faults: Sequence[str]) -> None:
        more = f", and {len(faults) - MAX_NAMED} more" if len(faults) > MAX_NAMED else ""
        super().__init__(
            f"The weights in {folder} do not fit: {'; '.join(faults[:MAX_NAMED])}{more}."
        )


def load_openvla(
    source: str | Path,
    *,
    dtype: torch.dtype | None = None,
    device: str | torch.device = "cpu",
    attention: str = "sdpa",
    bits: int | None = None,
    test: bool = True,
) -> OpenVLA:
    """An OpenVLA, ready to act or to be trained.

    ``source``: folder or hub id. ``dtype``: None keeps the stored one. ``attention``: sdpa,
    flash_attention_2 or eager. ``bits``: 4 or 8 to quantise. ``test``: refuse a model that
    does not look or does not read (`self_test`). Raises TeachloopError.
    """
    folder = checkpoint_folder(str(source))
    first = torch.device("cpu" if bits else device)
    with open_weights(folder) as weights:
        model = _build(folder, weights.shapes, attention)
        _fill(model, folder, weights, dtype, first)
    if bits:
        quantise(model, bits, torch.device(device))
    if test:
        self_test(model)
    return model.eval()


def checkpoint_folder(source: str) -> Path:
    """The folder of a checkpoint, downloaded where it is a hub id. Raises CheckpointMissing."""
    source, _ = split_base(source)
    if Path(source).is_dir():
        return Path(source)
    if source.count("/") != 1 or source.startswith((".", "/", "~")):
        raise CheckpointMissing(source, "there is no such folder")
    try:
        return Path(snapshot_download(source, allow_patterns=DOWNLOADED))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise CheckpointMissing(source, str(error).splitlines()[0]) from error


def _build(folder: Path, shapes: Shapes, attention: str) -> OpenVLA:
    config, preprocessor = read_json_files(folder)
    towers = _towers(folder, config["timm_model_ids"], shapes)
    settings = OpenVLASettings(
        config=config, preprocessor=preprocessor, towers=towers, files=read_files(folder)
    )
    tokenizer = _tokenizer(folder, settings)
    try:
        return empty_openvla(settings, tokenizer, attention)
    except MISFITS as error:
        raise NotOpenVLA(f"{folder}: no model has these sizes ({in_words(error)})") from error


def _towers(folder: Path, timm_ids: Sequence[str], shapes: Shapes) -> Towers:
    if (folder / TOWERS).is_file():
        return towers_from_cards(read_json(folder / TOWERS))
    return towers_from_shapes(timm_ids, shapes)


def _tokenizer(folder: Path, settings: OpenVLASettings) -> prompt.PromptTokenizer | None:
    if not prompt.has_tokenizer(folder):
        return None
    return prompt.PromptTokenizer(folder, settings.language)


def empty_openvla(
    settings: OpenVLASettings,
    tokenizer: prompt.PromptTokenizer | None = None,
    attention: str = "sdpa",
) -> OpenVLA:
    """A model without weights, on the meta device."""
    with torch.device("meta"):
        return OpenVLA(settings, tokenizer, attention)


def layout(model: OpenVLA) -> list[Slot]:
    """Which published tensors make up ``model``."""
    return slots(model.settings.towers, model.state_dict())


def _fill(
    model: OpenVLA,
    folder: Path,
    weights: Weights,
    dtype: torch.dtype | None,
    device: torch.device,
) -> None:
    _check(folder, to_reference(layout(model), model.state_dict()), weights)
    dtype = dtype or weights[OUTPUT].dtype
    state: dict[str, Tensor] = {}
    for slot in layout(model):
        tensor = weights[slot.reference].to(device=device, dtype=dtype)
        state |= zip(slot.native, slot.form.split(tensor), strict=True)
    model.load_state_dict(state, assign=True)
    model.restore_buffers(device)


def _check(folder: Path, expected: Mapping[str, Tensor], weights: Weights) -> None:
    found = weights.shapes
    faults = [f"{key} is missing" for key in expected if key not in found]
    faults += [f"{key} belongs to nothing" for key in found if key not in expected]
    for key, tensor in expected.items():
        if key in found and tuple(found[key]) != tuple(tensor.shape):
            faults.append(f"{key} is {tuple(found[key])} instead of {tuple(tensor.shape)}")
        elif key in found and weights.kind(key) not in FRACTIONS:
            faults.append(f"{key} holds {weights.kind(key)}, not {' or '.join(FRACTIONS)}")
    if faults:
        raise WrongTensors(folder, faults)
