"""`teachloop doctor`: what can be checked before the first take."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .command import default_data


@dataclass(frozen=True)
class Doctor:
    """See whether this machine, its robot and its cameras are ready for the first take; exit code
    1 when something is not. Opens each device for a moment, and moves nothing."""

    data: Path = field(default_factory=default_data)
    """The data folder."""
    source: Literal["simulated", "synthetic"] | None = None
    """Devices without settings: the simulated Franka, or test pictures at 30 frames a second."""
    station: Path | None = None
    """YAML or TOML file that says which robot, cameras and inputs there are; without it and a
    source, station.yaml in the data folder, or else the simulated Franka."""
    robot: str = ""
    """Driver of another robot than theirs."""
    robot_address: str = ""
    """Where that robot is."""
    json: bool = False
    """Say it in one line of JSON."""

    def run(self) -> int:
        from ...recorder.devices.station_choice import StationChoice
        from ..doctor.examination import examine
        from ..doctor.report import report

        choice = StationChoice(
            file=self.station, preset=self.source, robot=self.robot, address=self.robot_address
        )
        data = self.data.resolve()
        return report(examine(choice.settings(data), data), self.json)
