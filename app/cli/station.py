"""`teachloop station`: the robot's machine, for pages on another one."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .command import default_data


@dataclass(frozen=True)
class Station:
    """Run the robot, its cameras and inputs here, for a server on another machine: there,
    `teachloop serve --station tcp://THIS-MACHINE:7700`."""

    listen: str = "tcp://0.0.0.0:7700"
    """Address to listen on; the two ports that follow are used as well. Only machines whose
    keys are known come in, see `teachloop keys`."""
    data: Path = field(default_factory=default_data)
    """Folder in which takes are recorded; TEACHLOOP_DATA names another default."""
    source: Literal["simulated", "synthetic"] | None = None
    """Devices without settings: the simulated Franka, or test pictures at 30 frames a second."""
    station: Path | None = None
    """YAML or TOML file that says which robot, cameras and inputs there are; without it and a
    source, station.yaml in the data folder, or else the simulated Franka."""
    robot: str = ""
    """Driver of another robot than theirs."""
    robot_address: str = ""
    """Where that robot is."""
    keys: Path | None = None
    """Folder of keys; ~/.config/teachloop/keys when left out."""

    def run(self) -> int:
        from ...recorder.devices.station_choice import StationChoice
        from ...recorder.remote.address import StationAddress
        from ...runtime.ipc.curve_keys import default_keys
        from ..web.station_gate import serve_station
        from ..web.station_process import StationProcess

        address = StationAddress.parse(self.listen)
        choice = StationChoice(
            file=self.station.resolve() if self.station else None,
            preset=self.source,
            robot=self.robot,
            address=self.robot_address,
        )
        station = StationProcess(self.data.resolve(), choice)
        _ = station.settings  # what is wrong with them is said before anything starts
        serve_station(
            station,
            address,
            self.keys or default_keys(),
            ready=lambda: print(f"Listening on {address}", flush=True),
        )
        return 0
