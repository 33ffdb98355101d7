"""The process of the station: python -m teachloop.app.processes.station --data DIR."""

import argparse
import sys
from pathlib import Path

from ...recorder.devices.desk_account import DeskAccount
from ...recorder.devices.presets import PRESETS
from ...recorder.devices.station_choice import StationChoice
from ...recorder.station.config import StationConfig
from ...recorder.station.serving import serve
from ...runtime.errors import TeachloopError
from .station_start import SERVED


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of takes")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--source", choices=sorted(PRESETS), help="devices that need no settings")
    chosen.add_argument(
        "--station", type=Path, help="YAML or TOML file of devices; DATA/station.yaml"
    )
    parser.add_argument("--robot", default="", help="driver of another robot than theirs")
    parser.add_argument("--robot-address", default="", help="where that robot is")
    parser.add_argument(SERVED, action="store_true", help="the last server that uses it ends it")
    parser.add_argument("--seed", type=int, default=0, help="of the first simulated scene")
    given = parser.parse_args()
    try:
        data, account = given.data.resolve(), DeskAccount.taken()
        choice = StationChoice(
            file=given.station,
            preset=given.source,
            robot=given.robot,
            address=given.robot_address,
        )
        serve(StationConfig(data, choice.settings(data), given.seed, account))
    except TeachloopError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
