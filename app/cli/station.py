"""`teachloop station`: the robot's machine, for pages on another one."""

from dataclasses import dataclass, field
from pathlib import Path

from .command import default_data
from .station_options import StationOptions


@dataclass(frozen=True)
class Station(StationOptions):
    """Run the robot, its cameras and inputs here, for a server on another machine: there,
    `teachloop serve --station tcp://THIS-MACHINE:7700`."""

    listen: str = "tcp://0.0.0.0:7700"
    """Address to listen on; the two ports that follow are used as well. Only machines whose
    keys are known come in, see `teachloop keys`."""
    data: Path = field(default_factory=default_data)
    """Folder in which takes are recorded; TEACHLOOP_DATA names another default."""
    keys: Path | None = None
    """Folder of keys; ~/.config/teachloop/keys when left out."""

    def run(self) -> int:
        from ...recorder.devices.desk_account import DeskAccount
        from ...recorder.devices.station_choice import StationChoice
        from ...recorder.remote.address import StationAddress
        from ...runtime.ipc.curve_keys import default_keys
        from ..web.station_gate import serve_station
        from ..web.station_process import StationProcess

        address = StationAddress.parse(self.listen)
        station = StationProcess(self.data.resolve(), StationChoice.of(self), DeskAccount.taken())
        _ = station.settings  # what is wrong with them is said before anything starts
        serve_station(
            station,
            address,
            self.keys or default_keys(),
            ready=lambda: print(f"Listening on {address}", flush=True),
        )
        return 0
