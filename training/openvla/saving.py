"""Saving an OpenVLA in the published layout, which the reference's own code reads too."""

from pathlib import Path

from ...runtime.atomic_file import new_folder
from ...runtime.errors import TeachloopError
from .checkpoint import layout
from .mapping import to_reference
from .model import OpenVLA
from .settings import CONFIG, PREPROCESSOR, json_text
from .weights import SHARD_BYTES, write_weights


class NotSavable(TeachloopError):
    """A model whose parameters are not those of the published layout."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"This OpenVLA cannot be saved as a checkpoint: {reason}. Merge its adapter first, "
            "and load it without quantisation."
        )


class CheckpointExists(TeachloopError):
    """Nothing is written over a checkpoint."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"There already is something at {folder}; give another folder.")


def save_openvla(
    model: OpenVLA,
    folder: Path,
    shard_bytes: int = SHARD_BYTES,
) -> None:
    """Write a checkpoint, which appears whole or not at all.

    Raises NotSavable, CheckpointExists.
    """
    if folder.exists():
        raise CheckpointExists(folder)
    _check(model)
    with new_folder(folder) as partial:
        write_weights(partial, to_reference(layout(model), model.state_dict()), shard_bytes)
        _write_files(model, partial)


def _check(model: OpenVLA) -> None:
    adapted = [name for name in model.state_dict() if ".lora_" in name or ".base_layer." in name]
    quantised = [n for n, p in model.named_parameters() if not p.is_floating_point()]
    if adapted:
        raise NotSavable(f"it has an adapter, at {adapted[0]}")
    if quantised:
        raise NotSavable(f"it is quantised, at {quantised[0]}")


def _write_files(model: OpenVLA, folder: Path) -> None:
    (folder / CONFIG).write_text(json_text(model.settings.config), encoding="utf-8")
    (folder / PREPROCESSOR).write_text(json_text(model.settings.preprocessor), encoding="utf-8")
    for name, content in model.settings.files.items():
        (folder / name).write_bytes(content)
