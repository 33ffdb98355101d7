"""The network to the robot, and each device of the station, opened for a moment."""

import contextlib
import socket
import statistics
import time
from collections.abc import Iterator

from ...recorder.devices.settings import StationSettings, processes
from ...recorder.drivers.trial import try_devices
from .finding import Finding, bad, good, note

DESK_PORT = 443  # where Desk is; a machine that refuses has answered, too
ASKED = 50  # times
PATIENCE_S = 1.0
WORST_MS = 0.7  # what is left of a millisecond, in which a command and its answer have to fit


def devices(settings: StationSettings) -> Iterator[Finding]:
    """Nothing is moved. A real robot takes one client, so that no station may run beside."""
    address = settings.robot.settings.get("address")
    if isinstance(address, str):
        yield network(address)
    for name, process in processes(settings).items():
        result = try_devices(process)
        remedy = "See its settings on Set-up, and its cable and power."
        yield good(name, result.text) if result.ok else bad(name, result.text, remedy)


def network(address: str, port: int = DESK_PORT) -> Finding:
    """How long a word to the robot and back takes."""
    try:
        times_ms = sorted(1000 * _asked_and_answered(address, port) for _ in range(ASKED))
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        remedy = (
            "See that the robot is on, the cable is at its control box, and this machine's own "
            "address is in the same network."
        )
        return bad("network", f"Nobody answers at {address}: {reason}.", remedy)
    worst = times_ms[-1]
    said = f"{statistics.median(times_ms):.2f} ms there and back, {worst:.2f} at worst of {ASKED}."
    if worst <= WORST_MS:
        return good("network", said)
    remedy = "Connect it directly, by cable, without a switch; turn off what saves power."
    return note("network", said, remedy)


def _asked_and_answered(address: str, port: int) -> float:
    """Seconds that a handshake took. Raises OSError where there was none."""
    begin = time.perf_counter()
    with contextlib.suppress(ConnectionRefusedError):
        socket.create_connection((address, port), timeout=PATIENCE_S).close()
    return time.perf_counter() - begin
