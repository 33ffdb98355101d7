"""The demo's operator: records takes through the station, as a page would."""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from ...recorder.station import commands
from ...recorder.station.client import StationClient
from ...recorder.station.endpoint import StationError
from ...recorder.station.published import STATE
from ...recorder.station.session import Phase
from ...recorder.station.status import Status
from ...runtime.errors import TeachloopError
from ..web.station_process import StationProcess

NAME = "demo"  # in the control lease
START_S = 60.0
TAKE_S = 60.0
HEARTBEAT_S = 0.3
# Of a take's pictures. With more than the first share lost it is recorded again; the last try
# may lose more, as a slow machine has no better one: what is there is still right.
MOST_LOST = (0.1, 0.1, 0.5)


class StationSilent(TeachloopError):
    def __init__(self, words: str) -> None:
        super().__init__(f"The station did not start. Its last words: {words or 'none'}")


class TakeFailed(TeachloopError):
    def __init__(self, reason: str) -> None:
        super().__init__(f"The station could not record a take: {reason}")


class TooBusy(TeachloopError):
    def __init__(self, lost: float) -> None:
        super().__init__(
            f"This machine is too busy to record: {lost:.0%} of the pictures were lost at the last "
            f"of {len(MOST_LOST)} tries. Stop what else runs on it, and run the same demo again."
        )


@contextlib.contextmanager
def operated_station(data: Path) -> Iterator[StationClient]:
    """A running station whose lease is held until the end. Raises StationSilent."""
    process = StationProcess(data)
    process.start()
    try:
        with _reach(data, process) as client, _heartbeats(data, client):
            yield client
    finally:
        process.leave()


def _reach(data: Path, process: StationProcess) -> StationClient:
    """A client, once the station is ready."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.running:
        if _is_ready(data):
            return StationClient.of(data)
        time.sleep(0.1)
    raise StationSilent(process.last_words())


def _is_ready(data: Path) -> bool:
    try:
        with StationClient.of(data) as client:
            return client.send(commands.GetStatus(), reply_timeout_s=2.0).ready
    except StationError:  # not there yet
        return False


@contextlib.contextmanager
def _heartbeats(data: Path, holder: StationClient) -> Iterator[None]:
    """Keep the lease from a thread with a client of its own: sockets belong to one thread."""
    ended = threading.Event()

    def beat() -> None:
        with StationClient.of(data) as client:
            while not ended.wait(HEARTBEAT_S):
                client.lease = holder.lease
                with contextlib.suppress(StationError):
                    client.send(commands.Heartbeat())

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def record_take(client: StationClient, seed: int, verb: str) -> str | None:
    """Record the expert on a layout; the kept take's id, or None where the expert failed.

    Raises TakeFailed when something is wrong with the station, TooBusy when the machine is.
    """
    lost = 1.0
    for allowed in MOST_LOST:
        state = _attempt(client, seed, verb)
        lost = _lost_share(state) if state else 1.0
        if state and lost <= allowed:
            return _kept(client, state)
    raise TooBusy(lost)


def _attempt(client: StationClient, seed: int, verb: str) -> Status | None:
    """The state in review; None where our heartbeats came too late, which ends a take."""
    client.send(commands.Acquire(client=NAME, take_over=True))
    if client.send(commands.GetStatus()).phase is Phase.REVIEW:
        client.send(commands.Discard())  # what the attempt before left
    try:
        state = _recorded(client, seed, verb)
    except StationError:
        if _in_control(client.send(commands.GetStatus())):
            raise
        return None
    return state if _in_control(state) else None


def _in_control(status: Status) -> bool:
    return status.lease is not None and status.lease.client == NAME


def _recorded(client: StationClient, seed: int, verb: str) -> Status:
    scene = client.send(commands.Reset(seed=seed, verb=verb, split="novel")).scene
    task = commands.SetTask(task=verb, instruction=scene.instruction, operator="demo")
    client.send(task)
    client.send(commands.SelectAgent(name="expert"))
    client.send(commands.Start(until_done=True))
    return _reviewed(client)


def _lost_share(status: Status) -> float:
    """Of the pictures that the worst camera took."""
    seconds, drops = status.take.seconds if status.take else 0.0, status.health.drops
    shares = (drops.get(each.name, 0) / max(1.0, seconds * each.fps) for each in status.cameras)
    return max(shares, default=0.0)


def _kept(client: StationClient, status: Status) -> str | None:
    if status.scene is None or not status.scene.success:
        client.send(commands.Discard())
        return None
    return client.send(commands.Keep(success=True)).take


def _reviewed(client: StationClient) -> Status:
    """The state in which the take awaits its review."""
    deadline = time.monotonic() + TAKE_S
    for status in client.subscribe(STATE, timeout_s=5.0):
        if not isinstance(status, Status):
            continue
        if status.fault:
            raise TakeFailed(f"{status.fault.text} {status.fault.remedy}")
        if status.phase is Phase.REVIEW and status.take and status.take.saved:
            return status
        if time.monotonic() > deadline:
            client.send(commands.Stop())
    raise TakeFailed("it fell silent.")
