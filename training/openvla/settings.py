"""What a checkpoint's json files say."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huggingface_hub.errors import StrictDataclassError
from pydantic import ValidationError
from transformers import LlamaConfig

from ...runtime.errors import TeachloopError
from ...runtime.json_file import read_json
from ...runtime.validation import explain
from .prompt import FILES as TOKENIZER_FILES
from .published_files import ConfigFile, File, PreprocessorFile
from .sizes import DINO_ID, SIGLIP_ID, Towers

# What transformers and torch raise on sizes that no model has
MISFITS = (
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
    ArithmeticError,
    LookupError,
    AssertionError,
    StrictDataclassError,
)
CONFIG, PREPROCESSOR, TOWERS = "config.json", "preprocessor_config.json", "towers.json"
PATCH_GRID = 16  # 224 pixels by patches of 14
PATCHES = PATCH_GRID**2
FINE_TUNED = "dataset_statistics.json"  # the reference script leaves it beside what it trained
OTHERS = (TOWERS, "generation_config.json", FINE_TUNED)
DROPPED = ("model_type", "dtype", "torch_dtype", "use_bfloat16", "tf_legacy_loss", "pruned_heads")


class NotOpenVLA(TeachloopError):
    """The json files describe another kind of model."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"This checkpoint is not an OpenVLA that can be loaded: {reason}. Expected is the "
            "layout of openvla/openvla-7b, with DINOv2 and SigLIP fused."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVLASettings:
    """All that is known of an OpenVLA before its weights are read."""

    config: Mapping[str, Any]  # config.json
    preprocessor: Mapping[str, Any]  # preprocessor_config.json
    towers: Towers = field(default_factory=Towers)
    files: Mapping[str, bytes] = field(default_factory=dict)  # saved again as they were

    @property
    def language(self) -> LlamaConfig:
        """The language model's sizes, in the class that builds it."""
        given = self.config["text_config"]
        return LlamaConfig(**{k: v for k, v in given.items() if k not in DROPPED})

    @property
    def fine_tuned(self) -> Mapping[str, Any]:
        """The action statistics of what the reference script trained, by data set; they come
        before those of the base (`vla-scripts/deploy.py`). Raises NotOpenVLA."""
        try:
            known = json.loads(self.files.get(FINE_TUNED, b"{}"))
            return {k: v for k, v in known.items() if "action" in v}
        except (ValueError, AttributeError, TypeError) as error:
            raise NotOpenVLA(f"{FINE_TUNED} cannot be read ({error})") from error

    @property
    def text_ids(self) -> int:
        """How many ids there are without those that pad the embedding to a round number."""
        return self.language.vocab_size - self.config.get("pad_to_multiple_of", 64)

    @property
    def pad_id(self) -> int:
        return self.config.get("pad_token_id", 32000)

    @property
    def end_id(self) -> int:
        """What closes an answer; where several may, the first."""
        given = self.language.eos_token_id
        return given[0] if isinstance(given, list) else 2 if given is None else given

    @property
    def action_bins(self) -> int:
        return self.config.get("n_action_bins", 256)


def published_settings() -> OpenVLASettings:
    """Those of openvla/openvla-7b, without reading it."""
    text = {"model_type": "llama", "pad_token_id": 32000, "vocab_size": 32064}
    config = {
        "use_fused_vision_backbone": True,
        "timm_model_ids": [DINO_ID, SIGLIP_ID],
        "image_resize_strategy": "resize-naive",
        "n_action_bins": 256,
        "pad_token_id": 32000,
        "pad_to_multiple_of": 64,
        "text_config": text,
        "model_type": "openvla",
    }
    means = [[0.484375, 0.455078125, 0.40625], [0.5, 0.5, 0.5]]
    stds = [[0.228515625, 0.2236328125, 0.224609375], [0.5, 0.5, 0.5]]
    preprocessor = {"means": means, "stds": stds, "input_sizes": [[3, 224, 224]] * 2}
    return OpenVLASettings(config=config, preprocessor=preprocessor)


def read_files(folder: Path) -> dict[str, bytes]:
    """What a checkpoint has beside its weights and the json files that are understood."""
    found = {name: folder / name for name in (*TOKENIZER_FILES, *OTHERS)}
    return {name: path.read_bytes() for name, path in found.items() if path.is_file()}


def read_json_files(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """config.json and preprocessor_config.json. Raises BrokenJson, NotOpenVLA."""
    config, preprocessor = read_json(folder / CONFIG), read_json(folder / PREPROCESSOR)
    _require(folder / CONFIG, ConfigFile, config)
    _require(folder / PREPROCESSOR, PreprocessorFile, preprocessor)
    settings = OpenVLASettings(config=config, preprocessor=preprocessor)
    try:
        room = settings.text_ids - settings.action_bins
    except MISFITS as error:
        reason = f"{folder / CONFIG}: text_config is no Llama's ({in_words(error)})"
        raise NotOpenVLA(reason) from error
    if room < 1:
        raise NotOpenVLA(f"{folder / CONFIG}: text_config.vocab_size has no room for actions")
    return config, preprocessor


def in_words(error: Exception) -> str:
    """The beginning of what transformers or torch say, on one line."""
    text = " ".join(str(error).split()).replace("NoneType", "nothing")
    return re.sub(r"<class '([\w.]+)'>", r"\1", text)[:300]


def _require(path: Path, model: type[File], content: dict[str, Any]) -> None:
    try:
        model.model_validate(content)
    except ValidationError as error:
        raise NotOpenVLA(f"in {path}, {explain(error.errors()).removesuffix('.')}") from error


def json_text(content: Mapping[str, Any]) -> str:
    """As the published files are written."""
    return json.dumps(dict(content), indent=2, ensure_ascii=False) + "\n"
