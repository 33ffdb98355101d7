"""LoRA on encoder and grounding, with an action head of its own (peft)."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from peft.utils import (
    CONFIG_NAME,
    SAFETENSORS_WEIGHTS_NAME,
    get_peft_model_state_dict,
    set_peft_model_state_dict,
)
from pydantic import AfterValidator, Field, TypeAdapter
from safetensors import SafetensorError
from torch import Tensor, nn

from ...datasets.takes.hdf5_validation import UNREADABLE
from ...runtime.errors import TeachloopError
from ...runtime.json_file import JsonObject, StoredModel, read_model
from ..adapters.card import CARD, read_card
from ..objectives.interface import Decoding
from .base import LATER, digest, load_base, read_weights
from .config import Vocabulary
from .layout import PolicyLayout
from .policy import GroundedPolicy

_TOWERS = "q_proj|k_proj|v_proj|out_proj|fc1|fc2"
TARGETS = {
    encoder: rf"(encoder\..*({layers})|grounding\.(query\.[02]|key)|contrast)"
    for encoder, layers in {
        "clip": _TOWERS,
        "convolutional": f"{_TOWERS}|conv1|conv2|near|far",
    }.items()
}
"""The layers of each kind of encoder, and those behind it, that an adapter changes."""
FOLDER = "lora"
LAYOUT, DECODING = "layout", "decoding"  # in an adapter's configuration, …
VOCABULARY = "vocabulary"  # … with what it was told
# What peft, torch and safetensors raise on files that are not what was written
MISFITS = (*UNREADABLE, SafetensorError, re.error)


class AdapterDoesNotFit(TeachloopError):
    """The weights of an adapter are damaged, or not for this base."""

    def __init__(self, folder: Path, base: str, reason: Exception | str) -> None:
        first = str(reason).splitlines()[0] if str(reason) else type(reason).__name__
        first += " is missing or unknown" if isinstance(reason, KeyError) else ""
        super().__init__(f"The adapter in {folder} does not fit the base {base!r}: {first}")


def _ours(targets: str) -> str:
    if targets not in TARGETS.values():
        raise ValueError("must name the layers that every adapter of a grounded base has")
    return targets


class LoraSettings(StoredModel):
    """What adapter_config.json says about an adapter of ours, of which the rest is always the
    same (see ``add_lora``)."""

    peft_type: Literal["LORA"]
    r: Annotated[int, Field(ge=1)]
    lora_alpha: Annotated[int, Field(ge=1, le=1 << 20)]
    target_modules: Annotated[str, AfterValidator(_ours)]
    modules_to_save: Annotated[list[Literal["head"]], Field(min_length=1, max_length=1)]
    rank_pattern: Annotated[JsonObject, Field(max_length=0, default_factory=dict)]
    alpha_pattern: Annotated[JsonObject, Field(max_length=0, default_factory=dict)]
    use_rslora: Literal[False] = False
    use_dora: Literal[False] = False
    fan_in_fan_out: Literal[False] = False


def add_lora(
    policy: GroundedPolicy, rank: int, dropout: float = 0.0, alpha: int | None = None
) -> PeftModel:
    """Wrap a policy in place: LoRA of ``rank`` (Hu et al. 2021) where TARGETS says, and a
    trainable copy of the head. Everything else is frozen. ``alpha``: None is the rank."""
    config = LoraConfig(
        r=rank,
        lora_alpha=alpha or rank,
        lora_dropout=dropout,
        target_modules=TARGETS[policy.policy_config.encoder],
        modules_to_save=["head"],
    )
    return get_peft_model(policy, config)  # type: ignore[arg-type]


def lora_parameters(
    policy: nn.Module, parts: Sequence[str] = ("encoder", "grounding", "contrast")
) -> list[nn.Parameter]:
    """The trainable parameters of some parts of the policy, the head left out."""
    named = policy.named_parameters()
    adapted = [(name, p) for name, p in named if p.requires_grad and "lora_" in name]
    return [p for name, p in adapted if name.partition(".")[0] in parts]


def save_lora(model: PeftModel, folder: Path) -> None:
    """Write the adapter's weights into ``folder``/lora as safetensors."""
    model.save_pretrained(str(folder / FOLDER))
    (folder / FOLDER / "README.md").unlink(missing_ok=True)  # peft's empty model card


def load_policy(base: str, adapter: Path | None = None) -> GroundedPolicy:
    """A base with an adapter merged into it, ready to act.

    A folder of weights alone, as before an adapter is finished, names no base: its weights
    decide. Raises UnknownBase, BrokenJson, AdapterDoesNotFit.
    """
    if adapter is None:
        return load_base(base)
    require_same_base(base, adapter)
    try:
        policy = load_base(base, load_layout(adapter), load_decoding(adapter))
        policy.vocabulary = policy.vocabulary.joined(load_vocabulary(adapter))
        return _merged(policy, adapter / FOLDER).eval()
    except (TeachloopError, *MISFITS) as error:
        raise AdapterDoesNotFit(adapter, base, error) from error


def require_same_base(base: str, adapter: Path) -> None:
    """Raises AdapterDoesNotFit where it was made for another, BrokenJson."""
    if not (adapter / CARD).exists():
        return
    if read_card(adapter).base_sha256 != digest(base):
        reason = (
            "it was trained on other weights than those of this base now. "
            "Give it the base that its card names, as it was."
        )
        raise AdapterDoesNotFit(adapter, base, reason)


def load_layout(adapter: Path) -> PolicyLayout | None:
    """What the adapter looks through; None: what its base does. Raises BrokenJson, ValueError."""
    if not (adapter / CARD).exists():
        return None
    known = read_card(adapter).config.get(LAYOUT)
    return None if known is None else PolicyLayout.model_validate(known)


def load_decoding(adapter: Path) -> Decoding:
    """How the adapter acts. Raises BrokenJson, ValueError."""
    if not (adapter / CARD).exists():
        return "regression"
    known = read_card(adapter).config.get(DECODING, "regression")
    return TypeAdapter(Decoding).validate_python(known)


def load_vocabulary(adapter: Path) -> Vocabulary:
    """What its takes told it; nothing where it does not say. Raises BrokenJson, ValueError."""
    if not (adapter / CARD).exists():
        return Vocabulary()
    return Vocabulary.model_validate(read_card(adapter).config.get(VOCABULARY, {}))


def _merged(policy: GroundedPolicy, folder: Path) -> GroundedPolicy:
    """The policy with the weights in a folder merged into it. Raises MISFITS.

    Of the configuration beside them only the two numbers count that are computed with: peft would
    import the modules that it names.
    """
    weights = _lora_weights(folder / SAFETENSORS_WEIGHTS_NAME)
    settings = read_model(folder / CONFIG_NAME, LoraSettings)
    _require_rank(settings.r, weights)
    model = add_lora(policy, settings.r, alpha=settings.lora_alpha)
    own = get_peft_model_state_dict(model)
    weightless = (key for key, value in own.items() if LATER in key and not value.any())
    weights = {key: own[key] for key in weightless} | weights
    strange = sorted(own.keys() ^ weights.keys())
    if strange:
        raise ValueError(f"{len(strange)} tensors are missing or too many, first {strange[0]}")
    set_peft_model_state_dict(model, weights)
    with torch.no_grad():
        return model.merge_and_unload()  # type: ignore[operator]


def _lora_weights(path: Path) -> dict[str, Tensor]:
    """Safetensors alone: peft would take a pickle instead, which can run code as it is read."""
    if not path.is_file():
        raise ValueError(f"{path.name} is missing; an adapter's weights are safetensors")
    return read_weights(path)


def _require_rank(rank: int, weights: dict[str, Tensor]) -> None:
    """A rank that the weights do not have could fill the memory before peft looks at them."""
    ranks = {len(tensor) for name, tensor in weights.items() if "lora_A" in name}
    if ranks != {rank}:
        raise ValueError(f"its configuration names rank {rank!r}, its weights have {sorted(ranks)}")
