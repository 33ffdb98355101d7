"""The GPU, and the bases that a fine-tuning can begin with."""

from collections.abc import Iterator
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

from ...training.openvla.checkpoint import DOWNLOADED
from ...training.policies.base_list import BaseChoice, choices
from ...training.policies.base_names import list_bases, split_base
from .finding import Finding, good, note


def learning(data: Path) -> Iterator[Finding]:
    """Everything here."""
    yield gpu()
    for choice in choices(data):
        yield base(choice)


def gpu() -> Finding:
    """What training runs on."""
    import torch

    if not torch.cuda.is_available():
        return note("GPU", "There is none: the processor learns. OpenVLA-7B is too large for it.")
    device = torch.cuda.get_device_properties(0)
    return good("GPU", f"{device.name}, {device.total_memory / 1e9:.0f} GB.")


def base(choice: BaseChoice) -> Finding:
    """Whether its weights are on this machine."""
    what = f"base {choice.label}"
    source, _ = split_base(choice.name)
    if choice.name in list_bases() or Path(source).is_dir():
        return good(what, "Its weights are here.")
    if choice.family == "server":
        return good(what, "Another machine serves it; it is asked when it is chosen.")
    try:
        snapshot_download(source, allow_patterns=DOWNLOADED, local_files_only=True)
    except (LocalEntryNotFoundError, HFValidationError):
        text = "Its weights are not on this machine yet; its first use downloads them."
        remedy = f"To have them before: .venv/bin/hf download {source}"
        return note(what, text, remedy)
    return good(what, "Its weights are here.")
