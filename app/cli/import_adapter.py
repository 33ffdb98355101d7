"""`teachloop import-adapter`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from .command import default_data


@dataclass(frozen=True)
class ImportAdapter:
    """Bring in an OpenVLA LoRA that the reference script trained."""

    folder: Annotated[Path, tyro.conf.Positional]
    """What peft saved: adapter_config.json and adapter_model.safetensors."""
    statistics: Path
    """The run's dataset_statistics.json."""
    base: str = "openvla/openvla-7b"
    """The OpenVLA it was trained on: folder or hub id."""
    dataset: str = ""
    """Whose statistics, where the file has several."""
    name: str = ""
    """Name of the adapter; the folder's when left out."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        from ...training.openvla.exchange import register_published

        name = self.name or self.folder.resolve().name
        print(
            register_published(
                self.data, self.base, self.folder, self.statistics, name, self.dataset
            )
        )
        return 0
