"""Weights of 4 or 8 bits, where there is an NVIDIA GPU and bitsandbytes."""

import importlib
from types import ModuleType

import torch
from torch import nn

from ...runtime.errors import TeachloopError
from .model import OpenVLA

OUTLIER = 6.0  # activations above stay in 16 bits (Dettmers et al. 2022)
PARTS = ("vision_backbone.", "language_model.model.")  # the projector and the head stay exact


class NotQuantisable(TeachloopError):
    """Quantisation was asked for where it cannot be had."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The model cannot be quantised: {reason}. Quantisation takes 4 or 8 bits, a CUDA GPU "
            "and `pip install bitsandbytes`; without them load it in bfloat16."
        )


def quantise(model: OpenVLA, bits: int, device: torch.device) -> None:
    """Replace the linear layers of the towers and the language model by NF4 (4 bits, Dettmers et
    al. 2023) or LLM.int8 (8 bits), and move the model to ``device``. Raises NotQuantisable."""
    package = _bitsandbytes(bits, device)
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.Linear) and name.startswith(PARTS):
            parent, _, child = name.rpartition(".")
            small = _nf4(package, module) if bits == 4 else _int8(package, module)
            setattr(model.get_submodule(parent), child, small)
    model.to(device)
    setattr(model, f"is_loaded_in_{bits}bit", True)  # peft then adds its adapters in its own way


def _bitsandbytes(bits: int, device: torch.device) -> ModuleType:
    if bits not in (4, 8):
        raise NotQuantisable(f"{bits} bits were asked for")
    if device.type != "cuda" or not torch.cuda.is_available():
        raise NotQuantisable(f"the device is {device}, and CUDA is needed")
    try:
        return importlib.import_module("bitsandbytes")
    except ImportError as error:
        raise NotQuantisable("bitsandbytes is not installed") from error


def _nf4(package: ModuleType, linear: nn.Linear) -> nn.Module:
    small = package.nn.Linear4bit(
        linear.in_features,
        linear.out_features,
        bias=linear.bias is not None,
        compute_dtype=linear.weight.dtype,
        quant_type="nf4",
        device="meta",
    )
    weight = linear.weight.data
    small.weight = package.nn.Params4bit(weight, requires_grad=False, quant_type="nf4")
    small.bias = linear.bias
    return small


def _int8(package: ModuleType, linear: nn.Linear) -> nn.Module:
    small = package.nn.Linear8bitLt(
        linear.in_features,
        linear.out_features,
        bias=linear.bias is not None,
        has_fp16_weights=False,
        threshold=OUTLIER,
        device="meta",
    )
    small.weight = package.nn.Int8Params(
        linear.weight.data, requires_grad=False, has_fp16_weights=False
    )
    small.bias = linear.bias
    return small
