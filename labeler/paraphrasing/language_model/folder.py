"""A model's folder, in the layout of transformers: found, and its files looked at.

No more than these files is read: tensors, two configurations, and the tokenizer's tables. None of
them is run.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....runtime.regular_file import read_bytes
from .errors import PUBLISHED, VARIABLE, NoLanguageModel, UnusableLanguageModel

CONFIG, TOKENIZER = "config.json", "tokenizer.json"
TENSORS, INDEX = "model.safetensors", "model.safetensors.index.json"
PICKLES = {".bin", ".pt", ".pth", ".ckpt"}
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """Where the files are."""

    path: Path
    tensors: tuple[Path, ...]

    @classmethod
    def find(cls, named: str = "") -> "ModelFolder":
        """That of this folder or hub id, or of what the environment names. Nothing is fetched.

        Raises NoLanguageModel, UnusableLanguageModel.
        """
        path = _folder(named or os.environ.get(VARIABLE, ""))
        for name in (CONFIG, TOKENIZER):
            if not (path / name).is_file():
                raise UnusableLanguageModel(path, f"it has no {name}")
        return cls(path, tuple(path / name for name in _tensors(path)))

    @property
    def name(self) -> str:
        """Such as Qwen2.5-0.5B-Instruct, also where the hub's cache or a fetch named the folder."""
        cached = next((part for part in self.path.parts if part.startswith("models--")), "")
        return (cached or self.path.name).rpartition("--")[2]

    @property
    def size(self) -> int:
        """Bytes of all tensors. Raises OSError."""
        return sum(path.stat().st_size for path in self.tensors)

    def config(self) -> Mapping[str, Any]:
        """Raises UnusableLanguageModel."""
        told = _json(self.path, CONFIG)
        if not isinstance(told.get("model_type"), str):
            raise UnusableLanguageModel(self.path, f"its {CONFIG} names no model_type")
        if "quantization_config" in told:
            raise UnusableLanguageModel(self.path, "it is quantized, which needs further packages")
        return told


def _folder(wanted: str) -> Path:
    path = Path(wanted).expanduser()
    if wanted and path.is_dir():
        return path
    if wanted and path.is_file():
        raise UnusableLanguageModel(
            path, f"it is a file, and not a folder of {CONFIG} and {TENSORS}"
        )
    if HUB_ID.fullmatch(wanted):
        return _cached(wanted)
    where = f"There is no folder {wanted}" if wanted else "No language model is named"
    raise NoLanguageModel(where, PUBLISHED)


def _cached(hub_id: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(hub_id, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError) as error:
        where = f"{hub_id} is no folder, and was not fetched from the hub to this machine"
        raise NoLanguageModel(where, hub_id) from error


def _tensors(folder: Path) -> Sequence[str]:
    """Names of its files of tensors."""
    if (folder / TENSORS).is_file():
        return [TENSORS]
    if not (folder / INDEX).is_file():
        pickled = any(each.suffix in PICKLES for each in folder.iterdir())
        more = "; pickles, which can hold code, are not read" if pickled else ""
        raise UnusableLanguageModel(folder, f"it has no {TENSORS}{more}")
    listed = _json(folder, INDEX).get("weight_map")
    names = sorted({str(name) for name in listed.values()}) if isinstance(listed, dict) else []
    if not names or any(Path(name).name != name for name in names):
        raise UnusableLanguageModel(folder, f"its {INDEX} names no files of that folder")
    for name in names:
        if not (folder / name).is_file():
            raise UnusableLanguageModel(folder, f"its {name} is missing")
    return names


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        told = json.loads(read_bytes(folder / name))
    except (OSError, ValueError) as error:
        raise UnusableLanguageModel(folder, f"its {name} cannot be read") from error
    if not isinstance(told, dict):
        raise UnusableLanguageModel(folder, f"its {name} cannot be read")
    return told
