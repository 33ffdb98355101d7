"""Tensors in safetensors files: one file, or shards with an index."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from ...runtime.errors import TeachloopError
from ...runtime.json_file import read_json, write_json

INDEX, SINGLE = "model.safetensors.index.json", ("model.safetensors", "weights.safetensors")
SHARD_BYTES = 5_000_000_000  # as Hugging Face cuts the published one


class WeightsMissing(TeachloopError):
    """A folder without the safetensors files that it should have."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"{folder} holds no readable weights: {reason}. Expected is {INDEX} with its shards, "
            f"or {' or '.join(SINGLE)}."
        )


class Weights:
    """Tensors by key, each read when it is asked for."""

    def __init__(self, files: Mapping[str, Any]) -> None:
        self._files = files  # key -> open safetensors file

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {key: tuple(file.get_slice(key).get_shape()) for key, file in self._files.items()}

    def kind(self, key: str) -> str:
        """As safetensors names it, such as BF16."""
        return self._files[key].get_slice(key).get_dtype()

    def __getitem__(self, key: str) -> Tensor:
        return self._files[key].get_tensor(key)

    def first_row(self, key: str) -> Tensor:
        """Its bytes (uint8): a sample of the tensor that is read in a moment."""
        return self._files[key].get_slice(key)[:1].contiguous().view(torch.uint8)


@contextmanager
def open_weights(folder: Path) -> Iterator[Weights]:
    """All tensors of a folder, whatever files they lie in. Raises WeightsMissing."""
    with ExitStack() as stack:
        try:
            opened = [stack.enter_context(safe_open(path, "pt")) for path in files(folder)]
        except (OSError, SafetensorError) as error:
            raise WeightsMissing(folder, str(error)) from error
        yield Weights({key: file for file in opened for key in file.keys()})  # noqa: SIM118


def files(folder: Path) -> list[Path]:
    """The safetensors files of a checkpoint. Raises WeightsMissing."""
    if (folder / INDEX).is_file():
        found = [folder / shard for shard in _shard_names(folder)]
    else:
        found = [folder / name for name in SINGLE if (folder / name).is_file()][:1]
    lost = [path.name for path in found if not path.is_file()]
    if lost or not found:
        raise WeightsMissing(folder, f"{lost[0]} is not there" if lost else "there are none")
    return found


def _shard_names(folder: Path) -> list[str]:
    """Of files in the folder itself. Raises BrokenJson, WeightsMissing."""
    named = read_json(folder / INDEX).get("weight_map")
    values = list(named.values()) if isinstance(named, dict) else [named]
    names = [name for name in values if isinstance(name, str) and Path(name).name == name]
    if len(names) < len(values):
        reason = f"the weight_map of {INDEX} does not name a file for each tensor"
        raise WeightsMissing(folder, reason)
    return sorted(set(names))


def write_weights(folder: Path, tensors: Mapping[str, Tensor], shard_bytes: int) -> None:
    """Write shards of at most ``shard_bytes`` (a larger tensor has one of its own) and their
    index into ``folder``, in Hugging Face's names."""
    shards = list(_shards(tensors, shard_bytes))
    weight_map: dict[str, str] = {}
    for number, keys in enumerate(shards, 1):
        name = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        held = {key: tensors[key].detach().cpu().contiguous() for key in keys}
        save_file(held, folder / name, metadata={"format": "pt"})
        weight_map |= dict.fromkeys(keys, name)
    total = sum(_bytes(tensor) for tensor in tensors.values())
    write_json(folder / INDEX, {"metadata": {"total_size": total}, "weight_map": weight_map})


def _shards(tensors: Mapping[str, Tensor], limit: int) -> Iterator[list[str]]:
    held: list[str] = []
    size = 0
    for key in sorted(tensors):
        if held and size + _bytes(tensors[key]) > limit:
            yield held
            held, size = [], 0
        held.append(key)
        size += _bytes(tensors[key])
    yield held


def _bytes(tensor: Tensor) -> int:
    return tensor.numel() * tensor.element_size()
