"""Stands for a station on another machine: python -m teachloop.app.processes.station_line."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from ...recorder.remote.address import StationAddress
from ...recorder.remote.copying import Copying
from ...recorder.remote.gate_client import GateClient
from ...recorder.remote.line import Line
from ...recorder.remote.messages import StartStation, StationFacts
from ...recorder.station.endpoint import StationAway, endpoint_file
from ...recorder.station.serving import alone, announce
from ...runtime.errors import TeachloopError
from ...runtime.ipc.socket_folder import socket_folder
from .station_start import SERVED


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder here")
    parser.add_argument("--address", required=True, help="tcp://HOST:PORT of the station")
    parser.add_argument("--keys", type=Path, required=True, help="folder of keys")
    parser.add_argument(SERVED, action="store_true", help="the last server that uses it ends it")
    given = parser.parse_args()
    try:
        follow(given.data.resolve(), StationAddress.parse(given.address), given.keys)
    except TeachloopError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def follow(data: Path, address: StationAddress, keys: Path) -> None:
    """Be that station here until SIGTERM or SIGINT. Raises StationRuns, StationEnded, and what
    ``GateClient`` does, except that nobody answers: somebody may, later."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: stopping.append(got))
    with alone(data), socket_folder() as folder:
        endpoint_file(data).unlink(missing_ok=True)  # of one that was killed
        start_there(address, keys)
        line = Line(address, keys, announce(data, folder, str(address)))
        copying = Copying(data, address, keys, line.say)
        threading.Thread(target=copying.run, args=(stopping,), daemon=True).start()
        try:
            line.run(stopping)
        finally:
            line.close()
            endpoint_file(data).unlink(missing_ok=True)


def start_there(address: StationAddress, keys: Path) -> None:
    try:
        with GateClient(address, keys) as gate:
            gate.ask(StartStation(), StationFacts)
    except StationAway as error:
        sys.stderr.write(f"{error}\n")


if __name__ == "__main__":
    sys.exit(main())
