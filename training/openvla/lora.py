"""LoRA on an OpenVLA as the reference script trains it, and merging that is checked."""

import re
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors import SafetensorError
from torch import Tensor

from ...runtime.errors import TeachloopError
from .decoding import acting
from .model import OpenVLA

RANK, ALPHA = 32, 16
# Every linear layer and both patch convolutions, like peft's "all-linear" on the reference.
TARGETS = re.compile(
    r".*\.([qkvo]_proj|out_proj|gate_proj|up_proj|down_proj|lm_head|fc[123]|projection|"
    r"patch_embedding|attn_pool\.(q|kv|proj))"
)
# Standard deviations of the logits. Measured on a tiny model, whatever the adapter's size: 7e-6 in
# float32 and 0.08 in bfloat16, where the merged weights are rounded.
TOLERANCE = {torch.float32: 1e-3, torch.bfloat16: 0.25, torch.float16: 0.05}


class AdapterMisfits(TeachloopError):
    """An adapter that is not for this model, or is not there."""

    def __init__(self, folder: Path, reason: Exception) -> None:
        first = str(reason).splitlines()[0] if str(reason) else type(reason).__name__
        super().__init__(
            f"The adapter in {folder} does not fit this OpenVLA: {first} Load the base that it "
            "was trained on; `import_adapter` takes those of the reference script."
        )


class MergeDiffers(TeachloopError):
    """A merged adapter that does not act like the unmerged one."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The adapter was not merged: {reason}. Merge in float32 (load the base with "
            "dtype=torch.float32), or use the adapter unmerged."
        )


def add_lora(
    model: OpenVLA, rank: int = RANK, alpha: float = ALPHA, targets: list[str] | None = None
) -> PeftModel:
    """Wrap a model in place (Hu et al. 2021): only the adapter is trainable, and it changes
    nothing yet. ``targets``: full module names, by default all."""
    config = LoraConfig(
        r=rank,
        lora_alpha=alpha,  # type: ignore[arg-type]
        lora_dropout=0.0,
        target_modules=TARGETS.pattern if targets is None else targets,
        init_lora_weights="gaussian",
    )
    return get_peft_model(model, config)  # type: ignore[arg-type]


def save_adapter(adapted: PeftModel, folder: Path) -> None:
    """Write the adapter's weights and configuration into an existing ``folder``, as safetensors."""
    adapted.save_pretrained(str(folder), save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)  # peft's empty model card


def load_adapter(model: OpenVLA, folder: Path, trainable: bool = False) -> PeftModel:
    """Wrap a model in place with an adapter of `save_adapter`. Raises AdapterMisfits."""
    try:
        return PeftModel.from_pretrained(model, str(folder), is_trainable=trainable)  # type: ignore[arg-type]
    except (OSError, SafetensorError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise AdapterMisfits(folder, error) from error


def openvla_of(adapted: PeftModel) -> OpenVLA:
    """The model inside, with its adapter."""
    return adapted.base_model.model  # type: ignore[return-value]


def merge(adapted: PeftModel, pixel_values: Tensor, input_ids: Tensor) -> OpenVLA:
    """The model with its adapter merged into it.

    The probe, pixel_values (n, 6, 224, 224) and input_ids (n, length), must give the same logits
    before and after, within TOLERANCE standard deviations of them. Raises MergeDiffers; then the
    adapter is unmerged again.
    """
    model = openvla_of(adapted)
    before = _logits(model, pixel_values, input_ids)
    _merge(adapted)
    change = float((_logits(model, pixel_values, input_ids) - before).abs().max() / before.std())
    tolerance = TOLERANCE[model.dtype]
    if not change <= tolerance:
        adapted.unmerge_adapter()  # type: ignore[operator]
        raise MergeDiffers(f"its answers change by {change:.2g}, more than {tolerance} are noise")
    return adapted.unload()  # type: ignore[operator]


@torch.no_grad()
def _merge(adapted: PeftModel) -> None:
    try:
        adapted.merge_adapter(safe_merge=True)  # type: ignore[operator]
    except ValueError as error:  # peft found a weight that is no number
        raise MergeDiffers(str(error)) from error


def _logits(model: OpenVLA, pixel_values: Tensor, input_ids: Tensor) -> Tensor:
    with acting(model):
        return model(pixel_values, input_ids, torch.ones_like(input_ids)).logits.float()
