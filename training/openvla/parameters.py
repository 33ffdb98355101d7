"""How many parameters a LoRA has: the published one, and ours, entry by entry.

The published one adapts timm's fused qkv: one A and one tall B. Ours adapts query, key and value
apart: three A of the same size, and B cut in three. All else is the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor, nn

from .checkpoint import empty_openvla, layout
from .lora import RANK, TARGETS
from .mapping import Slot, to_reference
from .settings import OpenVLASettings

# In this order: the first part whose mark is in the published key.
MARKS = {
    "patch convolutions": ".patch_embed.",
    "attention pool": ".attn_pool.",
    "DINO": ".featurizer.",
    "SigLIP": ".fused_featurizer.",
    "projector": "projector.",
    "lm_head": ".lm_head.",
    "Llama": "language_model.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """LoRA parameters of one part of the model."""

    part: str
    reference: int  # with fused qkv
    native: int  # with query, key and value apart


def lora_entries(settings: OpenVLASettings, rank: int = RANK) -> list[Entry]:
    """The table, computed on the meta device."""
    model = empty_openvla(settings)
    state = dict(model.state_dict())
    published = to_reference(layout(model), state)
    adapted = [slot for slot in layout(model) if _is_adapted(slot)]
    return [
        Entry(
            part,
            sum(_lora(published[slot.reference], rank) for slot in _of(part, adapted)),
            sum(_lora(state[name], rank) for slot in _of(part, adapted) for name in slot.native),
        )
        for part in MARKS
    ]


def reference_count(settings: OpenVLASettings, rank: int = RANK) -> int:
    """Trainable parameters of the reference script's LoRA: 110,828,288 for the published 7B."""
    return sum(entry.reference for entry in lora_entries(settings, rank))


def saved_count(settings: OpenVLASettings) -> int:
    """Parameters of a checkpoint in the published layout: 7,541,237,184 for the 7B."""
    model = empty_openvla(settings)
    return sum(t.numel() for t in to_reference(layout(model), model.state_dict()).values())


def trainable_count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def _is_adapted(slot: Slot) -> bool:
    module, _, kind = slot.native[0].rpartition(".")
    return kind == "weight" and TARGETS.fullmatch(module) is not None


def _of(part: str, adapted: Iterable[Slot]) -> list[Slot]:
    return [slot for slot in adapted if _part(slot.reference) == part]


def _part(reference: str) -> str:
    return next(part for part, mark in MARKS.items() if mark in reference)


def _lora(weight: Tensor, rank: int) -> int:
    outputs = weight.shape[0]
    return rank * (weight.numel() // outputs + outputs)
