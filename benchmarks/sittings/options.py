"""What benchmarks that record, learn and try can be asked for."""

from dataclasses import dataclass
from pathlib import Path

from frame import Options


@dataclass(frozen=True, kw_only=True)
class SittingOptions(Options):
    """``seed`` is the first one."""

    seeds: int = 3
    """How many seeds, from ``seed`` on."""
    episodes: int = 20
    """Takes to record for each seed."""
    rollouts: int = 50
    """Unseen layouts to try each adapter on."""
    processes: int = 2
    """Takes that are recorded, and layouts that are tried, at the same time."""
    folder: Path | None = None
    """Where takes and adapters stay; a run of the same settings goes on with them."""
