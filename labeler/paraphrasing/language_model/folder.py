"""A model's folder, in the layout of transformers: found, and its files looked at.

No more than these files is read: tensors, two configurations, and the tokenizer's tables. None of
them is run.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....runtime.regular_file import read_bytes
from ...models.checkpoint import CONFIG, TENSORS, Family, UnusableWeights, find_folder, no_tensors

LANGUAGE_MODEL = Family(
    title="a causal language model",
    method="language-model",
    variable="TEACHLOOP_LANGUAGE_MODEL",
    published="Qwen/Qwen2.5-0.5B-Instruct",
    siblings=" and its siblings",
)
TOKENIZER, INDEX = "tokenizer.json", "model.safetensors.index.json"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """Where the files are."""

    path: Path
    tensors: tuple[Path, ...]

    @classmethod
    def find(cls, named: str = "") -> "ModelFolder":
        """That of this folder or hub id, or of what the environment names. Nothing is fetched.

        Raises NoWeights, UnusableWeights.
        """
        path = find_folder(LANGUAGE_MODEL, named)
        for name in (CONFIG, TOKENIZER):
            if not (path / name).is_file():
                raise UnusableWeights(LANGUAGE_MODEL, path, f"it has no {name}")
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
        """Raises UnusableWeights."""
        told = _json(self.path, CONFIG)
        if not isinstance(told.get("model_type"), str):
            raise UnusableWeights(LANGUAGE_MODEL, self.path, f"its {CONFIG} names no model_type")
        if "quantization_config" in told:
            raise UnusableWeights(
                LANGUAGE_MODEL, self.path, "it is quantized, which needs further packages"
            )
        return told


def _tensors(folder: Path) -> Sequence[str]:
    """Names of its files of tensors."""
    if (folder / TENSORS).is_file():
        return [TENSORS]
    if not (folder / INDEX).is_file():
        raise no_tensors(LANGUAGE_MODEL, folder)
    listed = _json(folder, INDEX).get("weight_map")
    names = sorted({str(name) for name in listed.values()}) if isinstance(listed, dict) else []
    if not names or any(Path(name).name != name for name in names):
        raise UnusableWeights(LANGUAGE_MODEL, folder, f"its {INDEX} names no files of that folder")
    for name in names:
        if not (folder / name).is_file():
            raise UnusableWeights(LANGUAGE_MODEL, folder, f"its {name} is missing")
    return names


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        told = json.loads(read_bytes(folder / name))
    except (OSError, ValueError) as error:
        raise UnusableWeights(LANGUAGE_MODEL, folder, f"its {name} cannot be read") from error
    if not isinstance(told, dict):
        raise UnusableWeights(LANGUAGE_MODEL, folder, f"its {name} cannot be read")
    return told
