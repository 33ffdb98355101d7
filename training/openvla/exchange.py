"""Adapters from and for others: what the reference script trained, and whole checkpoints."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from ...runtime.errors import TeachloopError
from ...runtime.json_file import read_json
from ..adapters.card import AdapterCard, write_card
from ..adapters.registry import Adapter, finished_path, free_name, new_adapter
from .adapters import LORA, MERGED, AnotherBase, fingerprint
from .checkpoint import checkpoint_folder, load_openvla
from .images import SIDE
from .lora import load_adapter, merge, save_adapter
from .published_adapter import import_adapter
from .saving import save_openvla
from .settings import OpenVLASettings
from .statistics import action_statistics
from .weights import open_weights


class WhichStatistics(TeachloopError):
    """A file with the statistics of several data sets, or of none."""

    def __init__(self, path: Path, names: list[str]) -> None:
        super().__init__(
            f"{path} has the statistics of: {', '.join(names) or 'nothing'}. Name one of them."
        )


class NotMergeable(TeachloopError):
    """An adapter that acts by more than its weights."""

    def __init__(self, adapter_id: str) -> None:
        super().__init__(
            f"{adapter_id} answers in chunks, by a head that the published layout has no place "
            "for. Serve it as it is."
        )


def register_published(
    data: Path, base: str, folder: Path, statistics: Path, name: str, of: str = ""
) -> Path:
    """Register a LoRA of the reference script as an adapter; returns the adapter's folder.

    ``statistics``: the run's dataset_statistics.json; ``of``: which data set's, where there are
    several. Raises BrokenJson, ForeignAdapter, WhichStatistics, WrongStatistics.
    """
    action = action_statistics(_chosen(statistics, of)).as_json()
    adapted = import_adapter(load_openvla(base, test=False), folder)
    card = AdapterCard(
        name=free_name(data, name),
        base=base,
        base_sha256=fingerprint(checkpoint_folder(base)),
        takes=(),
        statistics={"action": action},
        # The reference trains with random crops, so it acts on the middle of the picture.
        config={"family": "openvla", "augment": True, "imported": str(folder)},
    )
    with new_adapter(data) as hidden:
        save_adapter(adapted, hidden / LORA)
        write_card(hidden, card)
        finished = finished_path(hidden)
    return finished


def _chosen(path: Path, name: str) -> Mapping[str, Any]:
    known = read_json(path)
    names = [each for each, entry in known.items() if isinstance(entry, dict) and "action" in entry]
    if (name or len(names) != 1) and name not in names:
        raise WhichStatistics(path, names)
    return known[name or names[0]]["action"]


def write_merged(adapter: Adapter, folder: Path) -> None:
    """The base with the adapter merged into it, as a checkpoint in the published layout, its
    statistics under the adapter's name. Merged in float32, which takes four bytes of memory for
    each parameter, and saved in the base's own type.

    Raises AnotherBase, MergeDiffers, NotMergeable, CheckpointExists.
    """
    card = adapter.card
    if card.config.get("chunk", 1) > 1:
        raise NotMergeable(adapter.id)
    base = checkpoint_folder(card.base)
    if card.base_sha256 != fingerprint(base):
        raise AnotherBase(adapter.path, card.base)
    model = load_openvla(base, dtype=torch.float32, test=False)  # its logits are compared below
    adapted = load_adapter(model, adapter.path / LORA)
    merged = merge(adapted, torch.randn(1, 6, SIDE, SIDE), _probe(model.settings.text_ids))
    merged.settings = _acting_like(merged.settings, card)
    save_openvla(merged.to(_stored(base)), folder)


def _acting_like(settings: OpenVLASettings, card: AdapterCard) -> OpenVLASettings:
    """The settings of a base that acts, alone, as it did with this adapter."""
    config = settings.config
    ours = {card.name: {"action": card.statistics["action"]}}
    how = {"statistics": card.name, "cropped": bool(card.config.get("augment", False))}
    stats = {**(config.get("norm_stats") or {}), **ours}
    return replace(settings, config={**config, "norm_stats": stats, MERGED: how})


def _stored(base: Path) -> torch.dtype:
    with open_weights(base) as weights:
        return weights[next(iter(weights.shapes))].dtype


def _probe(text_ids: int) -> torch.Tensor:
    return torch.linspace(1, text_ids - 1, 24).long()[None]
