"""`teachloop report`: what a bug report needs."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from ...runtime.text import counted
from .command import default_data
from .station_options import StationOptions


@dataclass(frozen=True, kw_only=True)
class Report(StationOptions):
    """Write what a bug report needs into one file: versions, what doctor finds, settings, the ends
    of logs. Pictures, what takes say and secrets are left out; look into it before you send it."""

    out: Annotated[Path, tyro.conf.Positional]
    """The file, such as report.zip."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        """Raises OSError, and what choosing a station raises."""
        from ...recorder.devices.station_choice import StationChoice
        from ..doctor.bundle import write_bundle
        from ..doctor.examination import examine

        data = self.data.resolve()
        settings = StationChoice.of(self).settings(data)
        names = write_bundle(self.out, settings, data, list(examine(settings, data)))
        print(f"{counted(len(names), 'file')} in {self.out}. Look into it before you send it.")
        return 0
