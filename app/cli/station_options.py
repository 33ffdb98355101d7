"""Which devices: the options that several commands have."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class StationOptions:
    """What a station consists of; see ``StationChoice.of``."""

    source: Literal["simulated", "synthetic"] | None = None
    """Devices without settings: the simulated Franka, or test pictures at 30 frames a second."""
    station: Path | None = None
    """YAML or TOML file that says which robot, cameras and inputs there are; without it and a
    source, station.yaml in the data folder, or else the simulated Franka."""
    robot: str = ""
    """Driver of another robot than theirs."""
    robot_address: str = ""
    """Where that robot is."""
