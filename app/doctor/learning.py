"""The GPU, and the bases that a fine-tuning can begin with."""

from collections.abc import Iterator
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

from ...training.openvla.checkpoint import DOWNLOADED
from ...training.policies.base_list import BaseChoice, choices
from ...training.policies.base_names import list_bases, split_base
from .finding import Finding

ENOUGH_GB = 24.0  # for OpenVLA-7B in 4 bits with its adapters


def learning(data: Path) -> Iterator[Finding]:
    """Everything here."""
    yield gpu()
    for choice in choices(data):
        yield base(choice)


def gpu() -> Finding:
    """What training runs on."""
    import torch

    if not torch.cuda.is_available():
        text = "There is none. The grounded policy learns on the processor; OpenVLA-7B cannot."
        return Finding(what="GPU", verdict="note", text=text)
    device = torch.cuda.get_device_properties(0)
    memory_gb = device.total_memory / 1e9
    text = f"{device.name}, {memory_gb:.0f} GB."
    if memory_gb >= ENOUGH_GB:
        return Finding(what="GPU", verdict="good", text=text)
    remedy = f"OpenVLA-7B wants {ENOUGH_GB:.0f} GB; the grounded policy does with this."
    return Finding(what="GPU", verdict="note", text=text, remedy=remedy)


def base(choice: BaseChoice) -> Finding:
    """Whether its weights are on this machine."""
    what = f"base {choice.label}"
    source, _ = split_base(choice.name)
    if choice.name in list_bases() or Path(source).is_dir():
        return Finding(what=what, verdict="good", text="Its weights are here.")
    if choice.family == "server":
        text = "Another machine serves it; it is asked when it is chosen."
        return Finding(what=what, verdict="good", text=text)
    try:
        snapshot_download(source, allow_patterns=DOWNLOADED, local_files_only=True)
    except (LocalEntryNotFoundError, HFValidationError):
        text = "Its weights are not on this machine yet; its first use downloads them."
        remedy = f"To have them before: .venv/bin/hf download {source}"
        return Finding(what=what, verdict="note", text=text, remedy=remedy)
    return Finding(what=what, verdict="good", text="Its weights are here.")
