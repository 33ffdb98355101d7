"""How a base is made; imports nothing heavy, so that the command line can show it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PretrainConfig:
    """How a base is made."""

    out: Path
    """Folder of the new base; what is already there is used."""
    stills: int = 8000
    """Still scenes."""
    episodes: int = 900
    """Scripted episodes."""
    stride: int = 10
    """Every how many ticks an episode is looked at."""
    perceive_steps: int = 4000
    """Steps of the perception stage."""
    perceive_batch: int = 48
    """Images in one perception step."""
    clone_steps: int = 10000
    """Steps of the cloning stage."""
    clone_batch: int = 256
    """Samples in one cloning step."""
    views: int = 2
    """Augmented views of each image whose features are cached."""
    workers: int = 2
    """Processes that script episodes, and threads that train."""
    seed: int = 0
    """Seed of the weights and of every batch."""
