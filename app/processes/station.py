"""The process of the station: python -m teachloop.app.processes.station --data DIR."""

import argparse
import sys
from pathlib import Path

from ...recorder.drivers import CAMERAS
from ...recorder.station.config import StationConfig
from ...recorder.station.serving import serve
from ...runtime.errors import TeachloopError


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of takes")
    parser.add_argument("--source", choices=sorted(CAMERAS), default="simulated")
    parser.add_argument("--seed", type=int, default=0, help="of the first simulated scene")
    given = parser.parse_args()
    try:
        serve(StationConfig(data=given.data.resolve(), source=given.source, seed=given.seed))
    except TeachloopError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
