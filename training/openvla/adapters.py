"""What fine-tuning an OpenVLA leaves in an adapter's folder, and the policy made of it again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel

from ...runtime.errors import TeachloopError
from ..adapters.card import AdapterCard, read_card
from ..policies.base_names import split_base
from .checkpoint import checkpoint_folder, load_openvla
from .grounding import GroundingHead, load_grounding, save_grounding
from .lora import load_adapter, openvla_of, save_adapter
from .model import OpenVLA
from .parallel import PLAN, ChunkHead, load_chunk_head, save_chunk_head
from .self_test import self_test_adapted
from .statistics import Statistics, action_statistics, find_statistics
from .weights import open_weights

LORA = "lora"
BODY = "proprioception"  # its statistics in an adapter's card
MERGED = "teachloop"  # how a merged checkpoint acts, in its config.json


class AnotherBase(TeachloopError):
    """The base is not the one that the adapter was trained on."""

    def __init__(self, folder: Path, base: str) -> None:
        super().__init__(
            f"The adapter in {folder.name} was trained on other weights than those of {base!r} "
            "now. Give it the base that its card names, as it was."
        )


@dataclass(frozen=True, slots=True, eq=False)
class OpenVLAPolicy:
    """A model that is ready to act, with what its actions mean."""

    model: OpenVLA
    statistics: Statistics
    head: ChunkHead | None = None
    grounding: GroundingHead | None = None
    cameras: Sequence[str] = ("front",)
    cropped: bool = False  # trained with random crops
    body: Statistics | None = None  # of the proprioception, where a chunk head reads it


def save_parts(
    folder: Path, adapted: PeftModel, head: ChunkHead | None, grounding: GroundingHead | None
) -> None:
    """The adapter's weights, and the heads trained beside it."""
    save_adapter(adapted, folder / LORA)
    if head is not None:
        save_chunk_head(head, folder)
    if grounding is not None:
        save_grounding(grounding, folder)


def load_openvla_policy(
    base: str, adapter: Path | None = None, *, device: str = "", bits: int = 0
) -> OpenVLAPolicy:
    """A base with its adapter, unmerged: exactly what was trained.

    ``bits``: 4 or 8 to quantise the base; 0: as it was trained on. Raises TeachloopError.
    """
    place = device or default_device()
    if adapter is None:
        return _alone(_loaded(base, place, bits), split_base(base)[1])
    card = read_card(adapter)
    if card.base_sha256 != fingerprint(checkpoint_folder(base)):
        raise AnotherBase(adapter, base)
    bits = bits or (card.config.get("bits", 0) if on_gpu(place) else 0)
    return _adapted(_loaded(base, place, bits), adapter, card)


def _loaded(base: str, device: str, bits: int) -> OpenVLA:
    dtype = torch.bfloat16 if on_gpu(device) else torch.float32
    return load_openvla(base, dtype=dtype, device=device, bits=bits or None)


def _adapted(model: OpenVLA, adapter: Path, card: AdapterCard) -> OpenVLAPolicy:
    adapted = load_adapter(model, adapter / LORA)
    for name, parameter in adapted.named_parameters():
        if ".lora_" in name:  # as training computes with it, without a conversion at each call
            parameter.data = parameter.data.to(model.dtype)
    self_test_adapted(model)
    grounding = load_grounding(adapter, model.settings.language.hidden_size)
    head = load_chunk_head(adapter) if (adapter / PLAN).exists() else None
    return OpenVLAPolicy(
        model=openvla_of(adapted).eval(),
        statistics=action_statistics(card.statistics.get("action", {})),
        head=head.to(model.device).eval() if head else None,
        grounding=grounding.to(model.device) if grounding else None,
        cameras=tuple(card.config.get("cameras", ("front",))),
        cropped=bool(card.config.get("augment", False)),
        body=Statistics.read(card.statistics[BODY]) if BODY in card.statistics else None,
    )


def _alone(model: OpenVLA, robot: str) -> OpenVLAPolicy:
    """A base alone acts as what was merged into it, as the reference script trained it, or by
    the robot that is named, or by the only one that it knows."""
    config, trained = model.settings.config, model.settings.fine_tuned
    merged: dict[str, Any] = config.get(MERGED) or {}
    known = config.get("norm_stats") or {} if merged or not trained else trained
    statistics = find_statistics(known, robot or merged.get("statistics", ""))
    # The reference trains with random crops, so what it trained acts on the middle.
    return OpenVLAPolicy(model, statistics, cropped=bool(merged.get("cropped", trained)))


def on_gpu(device: str) -> bool:
    """Whether a device is an NVIDIA GPU, whatever its number."""
    return torch.device(device).type == "cuda"


def default_device() -> str:
    """cuda where there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def fingerprint(folder: Path) -> str:
    """Tells one base from another in a moment, also where it has 15 GB: SHA-256 of every tensor's
    key, shape and first row. Raises WeightsMissing."""
    digest = hashlib.sha256()
    with open_weights(folder) as weights:
        for key, shape in sorted(weights.shapes.items()):
            digest.update(f"{key} {shape} ".encode())
            digest.update(weights.first_row(key).numpy().tobytes())
    return digest.hexdigest()
