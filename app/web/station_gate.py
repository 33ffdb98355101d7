"""A station for other machines: its process, and the gate in front of it."""

import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from ...recorder.remote.address import StationAddress
from ...recorder.remote.gate import Gate, gate_sockets
from ...recorder.remote.messages import About, StartStation, StationFacts
from ...runtime.errors import TeachloopError
from .station_process import StationProcess


def serve_station(
    station: StationProcess,
    address: StationAddress,
    keys: Path,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Until SIGTERM or SIGINT. Raises CannotListen, OtherStation, BadKey, BadSettings."""
    gone = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: gone.set())
    with gate_sockets(address, keys) as sockets:
        station.start()
        try:
            ready()
            Gate(station.data, sockets, lambda asked: respond(station, asked)).run(gone)
        finally:
            station.leave()


def respond(station: StationProcess, asked: About | StartStation) -> StationFacts:
    """What the gate answers."""
    refusal = ""
    if isinstance(asked, StartStation):
        try:
            station.start()
        except (TeachloopError, OSError) as error:
            refusal = f": {error}"
    running = station.running
    return StationFacts(
        host=socket.gethostname(),
        data=str(station.data),
        running=running,
        ended="" if running else refusal or f"{station.how_it_ended}. {station.last_words()}",
        settings=station.settings.model_dump_json(),
    )
