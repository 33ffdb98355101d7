"""Reads what was exported for robomimic, by h5py alone."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numbered_pictures import number_shown


@dataclass(frozen=True)
class RobomimicFiles:
    """An export's folder."""

    root: Path

    @cached_property
    def file(self) -> Any:
        return h5py.File(self.root / "dataset.hdf5", "r")

    @property
    def about(self) -> Any:
        return self.file["data"].attrs

    @property
    def demos(self) -> list[str]:
        return sorted(self.file["data"], key=lambda name: int(name.split("_")[1]))

    def said(self, demo: int) -> dict[str, Any]:
        """A demo's attributes."""
        return dict(self.file[f"data/demo_{demo}"].attrs)

    def listed(self, demo: int, name: str) -> list[str]:
        return json.loads(self.said(demo)[name])

    def column(self, demo: int, name: str) -> np.ndarray:
        return self.file[f"data/demo_{demo}/{name}"][()]

    def shown(self, demo: int, camera: str, place: str = "obs") -> list[int]:
        """The numbers in the pictures of a demo."""
        return [number_shown(image) for image in self.column(demo, f"{place}/{camera}_image")]

    def mask(self, name: str) -> list[str]:
        return [each.decode("ascii") for each in self.file[f"mask/{name}"][()]]
