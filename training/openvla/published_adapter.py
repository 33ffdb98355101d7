"""Adapters that the reference script trained, whose layers have timm's names.

A fused qkv adapter W + s·B·A becomes three exactly: each of query, key and value has A, and its
own third of B.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from peft import PeftModel
from peft.utils import set_peft_model_state_dict
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from ...runtime.regular_file import require_regular
from .checkpoint import layout
from .lora import add_lora
from .mapping import Slot
from .model import OpenVLA
from .published_config import WEIGHTS, ForeignAdapter, published_lora

PREFIX = "base_model.model."
SIDES = (".lora_A.weight", ".lora_B.weight")
UNTOUCHED = ".base_layer.weight"  # peft saves the output layer of the base itself, too


def import_adapter(model: OpenVLA, folder: Path) -> PeftModel:
    """Wrap ``model`` in place with a published adapter. Raises BrokenJson, ForeignAdapter."""
    lora = published_lora(folder)
    published = _read(folder)
    _check_base(folder, model, published)
    slots = layout(model)
    state = translate(folder, {k: v for k, v in published.items() if UNTOUCHED not in k}, slots)
    names = {key.removeprefix(PREFIX).rpartition(".lora_")[0] for key in state}
    if not names:
        raise ForeignAdapter(folder, f"{WEIGHTS} adapts no layer")
    _check(folder, model, lora.r, names, state)
    adapted = add_lora(model, lora.r, lora.lora_alpha, sorted(names))
    set_peft_model_state_dict(adapted, state)
    return adapted


def _read(folder: Path) -> dict[str, Tensor]:
    try:
        require_regular(folder / WEIGHTS)
        published = load_file(folder / WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise ForeignAdapter(folder, str(error)) from error
    for key, tensor in published.items():
        if not (tensor.is_floating_point() and tensor.isfinite().all()):
            raise ForeignAdapter(folder, f"{key} holds other than finite floating-point numbers")
    return published


def translate(
    folder: Path, published: Mapping[str, Tensor], slots: Iterable[Slot]
) -> dict[str, Tensor]:
    """peft's tensors by native keys. Raises ForeignAdapter for a key that is no layer's."""
    natives = {slot.reference: slot.native for slot in slots}
    state: dict[str, Tensor] = {}
    for key, tensor in published.items():
        side = next((side for side in SIDES if key.endswith(side)), "")
        weights = natives.get(key.removeprefix(PREFIX).removesuffix(side) + ".weight")
        if not side or weights is None:
            raise ForeignAdapter(folder, f"{key} belongs to no layer of this model")
        modules = [weight.removesuffix(".weight") for weight in weights]
        parts = [tensor] * len(modules) if side == SIDES[0] else tensor.chunk(len(modules))
        pairs = zip(modules, parts, strict=False)  # too few parts are found by _check
        state |= {f"{PREFIX}{module}{side}": part.clone() for module, part in pairs}
    return state


def _check_base(folder: Path, model: OpenVLA, published: Mapping[str, Tensor]) -> None:
    """The base's own layers among the adapter's are those of this base."""
    own = {slot.reference: slot.native for slot in layout(model)}
    for key in (key for key in published if key.endswith(UNTOUCHED)):
        native = own.get(key.removeprefix(PREFIX).removesuffix(UNTOUCHED) + ".weight", ())
        weight = model.get_parameter(native[0]) if len(native) == 1 else torch.empty(0)
        if weight.shape != published[key].shape or not _same(weight, published[key]):
            raise ForeignAdapter(folder, f"{key} is not the weight of this base")


def _same(weight: Tensor, other: Tensor) -> bool:
    """Up to the rounding of bfloat16, in which either may be stored."""
    return torch.allclose(weight.float(), other.to(weight.device).float(), rtol=2**-7, atol=1e-6)


def _check(
    folder: Path, model: OpenVLA, rank: int, names: Iterable[str], state: Mapping[str, Tensor]
) -> None:
    for name in names:
        weight = model.get_parameter(f"{name}.weight")
        a, b = (state.get(f"{PREFIX}{name}{side}", torch.empty(0)) for side in SIDES)
        wanted = ((rank, *weight.shape[1:]), (len(weight), rank, *[1] * (weight.dim() - 2)))
        if (tuple(a.shape), tuple(b.shape)) != wanted:
            raise ForeignAdapter(
                folder,
                f"{name} has A {tuple(a.shape)} and B {tuple(b.shape)}; rank {rank} and a weight "
                f"of {tuple(weight.shape)} ask for {wanted[0]} and {wanted[1]}",
            )
