"""What is said of an adapter beside its weights: all that is needed to trust and use it."""

import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field

from ...datasets.embodiment import FRANKA, Embodiment
from ...runtime.json_file import StoredModel, read_model, write_model
from .offline import OfflineEvaluation

CARD = "adapter.json"
VERSIONED = ("teachloop", "torch", "transformers", "peft", "numpy", "mujoco")
LONGEST_NAME_BYTES = 255  # of a file or folder; the system refuses a longer one


def installed_versions() -> dict[str, str]:
    """Versions that a result may depend on."""
    return {"python": platform.python_version(), **{name: _version(name) for name in VERSIONED}}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _possible_base(base: str) -> str:
    too_long = any(len(part.encode()) > LONGEST_NAME_BYTES for part in base.split("/"))
    if too_long or not base.isprintable() or not base:
        raise ValueError(f"{base[:40]!r} is no name, folder or hub id")
    return base


class TakeReference(StoredModel):
    """A take as it was when it was trained on."""

    id: str
    sha256: str
    """Of take.h5."""
    labels_revision: int


class Comparison(StoredModel):
    """Success over `rollouts` unseen layouts each: without the adapter, with it, and of a replay of
    the nearest of its takes."""

    success_before: float | None
    """0 … 1; None: the base cannot act on this robot at all."""
    success_after: float
    success_replay: float | None = None
    """None: it was not tried, its takes cannot be replayed, or the adapter is a replay itself."""
    rollouts: int
    verb: str = ""
    """What the layouts asked for; empty: not noted."""
    split: str = ""
    first_seed: int | None = None
    """Of the layouts, which follow each other."""
    created: float | None = None
    """Seconds since the epoch."""


class AdapterCard(StoredModel):
    """What adapter.json holds; what another version wrote there beside it is kept."""

    model_config = ConfigDict(extra="allow")

    name: str
    base: Annotated[str, AfterValidator(_possible_base)]
    """Hub id or folder name of the base policy."""
    base_sha256: str
    takes: tuple[TakeReference, ...]
    """Those that it learned from."""
    held_out: tuple[TakeReference, ...] = ()
    """Those that were kept out of training."""
    stopped: str = ""
    """Where its training was cancelled, in words; empty: it was not."""
    embodiment: Embodiment = FRANKA
    """What was mounted at the arm in these takes."""
    statistics: dict[str, Any]
    """Of actions and proprioception, used to normalise."""
    config: dict[str, Any] = Field(default_factory=dict)
    """How it was trained."""
    versions: dict[str, str] = Field(default_factory=installed_versions)
    offline: OfflineEvaluation | None = None
    """On recorded frames; None: not measured."""
    evaluation: Comparison | None = None
    """The newest."""
    earlier: tuple[Comparison, ...] = ()
    """What was found before, the newest first."""
    created: float = Field(default_factory=time.time)
    """Seconds since the epoch."""


def write_card(folder: Path, card: AdapterCard) -> None:
    write_model(folder / CARD, card)


def read_card(folder: Path) -> AdapterCard:
    """Raises BrokenJson when adapter.json is missing, cannot be read or is no card."""
    return read_model(folder / CARD, AdapterCard)
