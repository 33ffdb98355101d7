"""`teachloop doctor`: what can be checked before the first take."""

from dataclasses import dataclass, field
from pathlib import Path

from .command import default_data
from .station_options import StationOptions


@dataclass(frozen=True)
class Doctor(StationOptions):
    """See whether this machine, its robot and its cameras are ready for the first take; exit code
    1 when something is not. Opens each device for a moment, and moves nothing."""

    data: Path = field(default_factory=default_data)
    """The data folder."""
    json: bool = False
    """Say it in one line of JSON."""

    def run(self) -> int:
        from ...recorder.devices.station_choice import StationChoice
        from ..doctor.examination import examine
        from ..doctor.report import report

        data = self.data.resolve()
        settings = StationChoice.of(self).settings(data)
        return report(examine(settings, data), self.json)
