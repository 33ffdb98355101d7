"""Checkpoints in the layout of transformers, spoilt in ways that all of them can be."""

import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file, save_file

from teachloop.labeler.models.checkpoint import CONFIG, TENSORS

REVISION = "0" * 40


def name_nothing(monkeypatch: pytest.MonkeyPatch, hub: Path, variable: str) -> None:
    """No variable names weights, the hub's cache is an empty folder, and asking the network
    fails."""
    monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(hub))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the network was asked"))


def put_in_cache(hub: Path, hub_id: str, published: Path) -> Path:
    """As if it had been fetched; the folder where it lies then."""
    kept = hub / f"models--{hub_id.replace('/', '--')}"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text(REVISION)
    return Path(shutil.copytree(published, kept / "snapshots" / REVISION))


class Hostile:
    """Code that a pickle would run."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.mark),)


def cut_short(folder: Path) -> None:
    whole = (folder / TENSORS).read_bytes()
    (folder / TENSORS).write_bytes(whole[: len(whole) // 2])


def without(tensor: str) -> Callable[[Path], None]:
    """Spoils a folder: of its tensors one is missing."""

    def change(folder: Path) -> None:
        held = load_file(folder / TENSORS)
        del held[tensor]
        save_file(held, folder / TENSORS)

    return change


def configured(**changes: Any) -> Callable[[Path], None]:
    """Spoils a folder: its configuration says something else."""

    def change(folder: Path) -> None:
        told = json.loads((folder / CONFIG).read_text())
        (folder / CONFIG).write_text(json.dumps(told | changes))

    return change
