"""What fine-tuning an OpenVLA leaves in an adapter's folder, and the policy made of it again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel

from ...datasets.errors import TeachloopError
from ..adapters import AdapterCard, read_card
from .checkpoint import checkpoint_folder, load_openvla
from .grounding import GroundingHead, load_grounding, save_grounding
from .lora import load_adapter, openvla_of, save_adapter
from .model import OpenVLA
from .parallel import PLAN, ChunkHead, load_chunk_head, save_chunk_head
from .statistics import NoSuchStatistics, Statistics

LORA = "lora"
SAMPLE = 1 << 20  # bytes of either end of a file of weights that its digest is made of


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

    A base alone acts by the first statistics of its config.json. Raises TeachloopError.
    """
    place = device or default_device()
    dtype = torch.bfloat16 if place == "cuda" else torch.float32
    model = load_openvla(base, dtype=dtype, device=place, bits=bits or None)
    if adapter is None:
        return OpenVLAPolicy(model, _own_statistics(model))
    card = read_card(adapter)
    if card.base_sha256 != fingerprint(checkpoint_folder(base)):
        raise AnotherBase(adapter, base)
    return _adapted(model, adapter, card)


def _adapted(model: OpenVLA, adapter: Path, card: AdapterCard) -> OpenVLAPolicy:
    adapted = load_adapter(model, adapter / LORA)
    grounding = load_grounding(adapter, model.settings.language.hidden_size)
    head = load_chunk_head(adapter) if (adapter / PLAN).exists() else None
    return OpenVLAPolicy(
        model=openvla_of(adapted).eval(),
        statistics=Statistics.read(card.statistics["action"]),
        head=head.to(model.device).eval() if head else None,
        grounding=grounding.to(model.device) if grounding else None,
        cameras=tuple(card.config.get("cameras", ("front",))),
        cropped=bool(card.config.get("augment", False)),
    )


def _own_statistics(model: OpenVLA) -> Statistics:
    known: dict[str, Any] = dict(model.settings.config.get("norm_stats", {}))
    if not known:
        raise NoSuchStatistics("of any robot", ())
    return Statistics.read(next(iter(known.values()))["action"])


def default_device() -> str:
    """cuda where there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def fingerprint(folder: Path) -> str:
    """Tells one base from another in a moment, also where it has 15 GB: SHA-256 of each file of
    weights' name, size, and both ends."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        size = path.stat().st_size
        digest.update(f"{path.name} {size} ".encode())
        with path.open("rb") as file:
            digest.update(file.read(SAMPLE))
            file.seek(max(0, size - SAMPLE))
            digest.update(file.read(SAMPLE))
    return digest.hexdigest()
