"""Which LoRA peft's adapter_config.json describes, where it is one that is computed alike here."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from ...runtime.errors import TeachloopError
from ...runtime.json_file import read_json
from ...runtime.validation import explain

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
WITHOUT_EFFECT = frozenset(
    {
        "auto_mapping", "base_model_name_or_path", "exclude_modules", "inference_mode",
        "layers_pattern", "layers_to_transform", "lora_dropout", "megatron_config",
        "megatron_core", "peft_version", "qalora_group_size", "revision", "runtime_config",
        "target_modules", "task_type",
    }
)  # fmt: skip
"""What says where the adapter came from, or which layers it has: its tensors tell that, too."""


class ForeignAdapter(TeachloopError):
    """An adapter that cannot be brought over."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"The adapter in {folder} cannot be imported: {reason}. Expected is a LoRA of the "
            f"OpenVLA reference script, {CONFIG} and {WEIGHTS} as peft saves them."
        )


class PublishedLora(BaseModel):
    """A LoRA that adds alpha / rank · B·A to the weights of the base as they are, and nothing
    else (Hu et al. 2021). Whatever is not named here or in WITHOUT_EFFECT has to be empty: other
    initialisations change the base, and most other settings what is computed."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow")

    peft_type: Literal["LORA"]
    r: Annotated[int, Field(ge=1)]
    lora_alpha: Annotated[FiniteFloat, Field(gt=0)]
    init_lora_weights: Literal[True, False, "gaussian"] = True
    bias: Literal["none"] = "none"

    @property
    def strange(self) -> list[str]:
        """Settings that may do something."""
        extra = self.model_extra or {}
        return [name for name, value in extra.items() if value and name not in WITHOUT_EFFECT]


def published_lora(folder: Path) -> PublishedLora:
    """Raises BrokenJson, ForeignAdapter."""
    config = read_json(folder / CONFIG)
    try:
        lora = PublishedLora.model_validate(config)
    except ValidationError as error:
        reasons = explain(error.errors()).removesuffix(".")
        raise ForeignAdapter(folder, f"in {CONFIG}, {reasons}") from error
    if lora.strange:
        name = lora.strange[0]
        raise ForeignAdapter(folder, f"{CONFIG} has {name} {config[name]!r:.60}, not understood")
    return lora
