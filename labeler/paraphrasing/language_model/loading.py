"""A language model and its tokenizer, loaded as tensors and tables and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import torch
from safetensors.torch import load_file
from transformers import (
    CONFIG_MAPPING,
    MODEL_FOR_CAUSAL_LM_MAPPING,
    PreTrainedConfig,
    PreTrainedTokenizerFast,
)

from ....runtime.errors import TeachloopError
from ....runtime.regular_file import require_regular
from ...models.checkpoint import CONFIG, UnusableWeights, first_line
from ...models.size import in_words
from .folder import LANGUAGE_MODEL, TOKENIZER, ModelFolder

ATTENTION = "eager"  # of every model; a configuration can name one of the hub, which is code
# What a configuration can ask for besides the model's sizes.
LEFT_OUT = {"auto_map", "attn_implementation", "_attn_implementation", "experts_implementation"}
LEFT_OUT |= {"_experts_implementation", "fusion_config", "transformers_weights"}


class NoMemory(TeachloopError):
    def __init__(self, path: Path, needed: str, free: str) -> None:
        super().__init__(
            f"The language model in {path} needs {needed} of memory while it is loaded, and {free} "
            "are free. End other programs, or name a smaller one."
        )


@dataclass(frozen=True, slots=True, eq=False)
class LanguageModel:
    """What is loaded."""

    model: Any
    tokenizer: PreTrainedTokenizerFast

    @property
    def ends(self) -> frozenset[int]:
        """Tokens that end an answer."""
        told = self.model.config.eos_token_id
        listed: list[object] = list(told) if isinstance(told, list) else [told]
        listed.append(self.tokenizer.eos_token_id)
        return frozenset(each for each in listed if isinstance(each, int))


def check_weights(named: str) -> None:
    """Whether they can be loaded. Raises what ``ModelFolder.find`` and ``load`` raise."""
    load(ModelFolder.find(named))


def load(folder: ModelFolder) -> LanguageModel:
    """On the GPU where there is one, else with 4 bytes a weight.

    Raises UnusableWeights, NoMemory.
    """
    told = folder.config()
    config = _config(folder.path, told)
    tokenizer = _tokenizer(folder.path)
    _require_memory(folder, told)
    return LanguageModel(_model(folder, config), tokenizer)


def _config(path: Path, told: Mapping[str, Any]) -> PreTrainedConfig:
    kind = told["model_type"]
    if kind not in CONFIG_MAPPING or CONFIG_MAPPING[kind] not in MODEL_FOR_CAUSAL_LM_MAPPING:
        known = "transformers has no language model of that kind; code of its own is not run"
        raise UnusableWeights(
            LANGUAGE_MODEL, path, f"its {CONFIG} is that of {kind!r:.40}, and {known}"
        )
    try:
        own = {name: value for name, value in told.items() if name not in LEFT_OUT}
        return CONFIG_MAPPING[kind].from_dict(own)
    except Exception as error:  # a configuration that no model has fails in many ways
        raise UnusableWeights(LANGUAGE_MODEL, path, f"its {CONFIG}: {first_line(error)}") from error


def _tokenizer(path: Path) -> PreTrainedTokenizerFast:
    try:
        return PreTrainedTokenizerFast.from_pretrained(str(path), local_files_only=True)
    except Exception as error:  # tokenizers raises nothing narrower
        raise UnusableWeights(
            LANGUAGE_MODEL, path, f"its {TOKENIZER}: {first_line(error)}"
        ) from error


def _require_memory(folder: ModelFolder, told: Mapping[str, Any]) -> None:
    """The file's tensors and the model's are there at once."""
    stored = told.get("dtype") or told.get("torch_dtype")
    needed = folder.size * (2 if stored == "float32" or torch.cuda.is_available() else 3)
    free = psutil.virtual_memory().available
    if needed > free:
        raise NoMemory(folder.path, in_words(needed), in_words(free))


def _model(folder: ModelFolder, config: PreTrainedConfig) -> Any:
    """From tensors alone: given a folder, the library looks for more than these files, and it fills
    with random numbers what they do not have."""
    tensors = _tensors(folder)
    device, dtype = ("cuda", "auto") if torch.cuda.is_available() else ("cpu", torch.float32)
    kind: Any = MODEL_FOR_CAUSAL_LM_MAPPING[type(config)]
    try:
        made, told = kind.from_pretrained(
            None,
            config=config,
            state_dict=tensors,
            dtype=dtype,
            attn_implementation=ATTENTION,
            output_loading_info=True,
        )
    except Exception as error:  # tensors of other sizes, or a configuration of none
        raise UnusableWeights(
            LANGUAGE_MODEL, folder.path, f"it does not fit: {first_line(error)}"
        ) from error
    if missing := sorted(told["missing_keys"]):
        wrong = f"{missing[0]} is missing, one of {len(missing)} tensors"
        raise UnusableWeights(LANGUAGE_MODEL, folder.path, f"{wrong} that {kind.__name__} has")
    return made.to(device).eval()


def _tensors(folder: ModelFolder) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = {}
    for path in folder.tensors:
        try:
            require_regular(path)
            found |= load_file(path)
        except Exception as error:  # a file that is cut short, or something else
            reason = f"its {path.name} cannot be read ({first_line(error)})"
            raise UnusableWeights(LANGUAGE_MODEL, folder.path, reason) from error
    return found
