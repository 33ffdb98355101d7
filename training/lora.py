"""LoRA on encoder and grounding, with an action head of its own (peft)."""

from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch import nn

from ..datasets.errors import TeachloopError
from .base import load_base
from .policy import GroundedPolicy

TARGETS = (
    r"(encoder\..*(q_proj|k_proj|v_proj|out_proj|fc1|fc2)|grounding\.(query\.[02]|key)|contrast)"
)
FOLDER = "lora"


class AdapterDoesNotFit(TeachloopError):
    """The weights of an adapter are not for this base."""

    def __init__(self, folder: Path, base: str, reason: Exception) -> None:
        first = str(reason).splitlines()[0] if str(reason) else type(reason).__name__
        super().__init__(f"The adapter in {folder} does not fit the base {base!r}: {first}")


def add_lora(policy: GroundedPolicy, rank: int, dropout: float = 0.0) -> PeftModel:
    """Wrap a policy in place: LoRA of ``rank`` (Hu et al. 2021) where TARGETS says, and a
    trainable copy of the head. Everything else is frozen."""
    config = LoraConfig(
        r=rank,
        lora_alpha=rank,
        lora_dropout=dropout,
        target_modules=TARGETS,
        modules_to_save=["head"],
    )
    return get_peft_model(policy, config)  # type: ignore[arg-type]


def lora_parameters(policy: nn.Module) -> list[nn.Parameter]:
    """The trainable parameters outside the head."""
    named = policy.named_parameters()
    return [p for name, p in named if p.requires_grad and "lora_" in name]


def save_lora(model: PeftModel, folder: Path) -> None:
    """Write the adapter's weights into ``folder``/lora as safetensors."""
    model.save_pretrained(str(folder / FOLDER))
    (folder / FOLDER / "README.md").unlink(missing_ok=True)  # peft's empty model card


def load_policy(base: str, adapter: Path | None = None) -> GroundedPolicy:
    """A base with an adapter merged into it, ready to act.

    Raises UnknownBase, AdapterDoesNotFit.
    """
    policy = load_base(base)
    if adapter is None:
        return policy
    try:
        model = PeftModel.from_pretrained(policy, str(adapter / FOLDER))  # type: ignore[arg-type]
    except (ValueError, RuntimeError, OSError, KeyError) as error:
        raise AdapterDoesNotFit(adapter, base, error) from error
    with torch.no_grad():
        merged: GroundedPolicy = model.merge_and_unload()  # type: ignore[operator]
    return merged.eval()
