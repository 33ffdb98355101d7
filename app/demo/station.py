"""The demo's operator: records takes through the station, as a page would."""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...recorder.station.client import StationClient, StationError
from ...runtime.errors import TeachloopError
from ..web.station_process import StationProcess

NAME = "demo"  # in the control lease
START_S = 60.0
TAKE_S = 60.0
HEARTBEAT_S = 0.3
RATE_HZ = 20.0
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
        process.stop()


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
            return client.command("status", reply_timeout_s=2.0)["ready"]
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
                    client.command("heartbeat")

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


def _attempt(client: StationClient, seed: int, verb: str) -> dict[str, Any] | None:
    """The state in review; None where our heartbeats came too late, which ends a take."""
    client.command("acquire", client=NAME, take_over=True)
    if client.command("status")["phase"] == "review":
        client.command("discard")  # what the attempt before left
    try:
        state = _recorded(client, seed, verb)
    except StationError:
        if _in_control(client.command("status")):
            raise
        return None
    return state if _in_control(state) else None


def _in_control(state: dict[str, Any]) -> bool:
    return (state["lease"] or {}).get("client") == NAME


def _recorded(client: StationClient, seed: int, verb: str) -> dict[str, Any]:
    scene = client.command("reset", seed=seed, verb=verb, split="novel")["scene"]
    client.command("set_task", task=verb, instruction=scene["instruction"], operator="demo")
    client.command("select_agent", name="expert")
    client.command("start", until_done=True)
    return _reviewed(client)


def _lost_share(state: dict[str, Any]) -> float:
    """Of the pictures that the worst camera took."""
    taken = max(1.0, state["take"]["seconds"] * RATE_HZ)
    return max(state["health"]["drops"].values(), default=0) / taken


def _kept(client: StationClient, state: dict[str, Any]) -> str | None:
    if not (state["scene"] or {}).get("success"):
        client.command("discard")
        return None
    client.command("keep", success=True)
    return state["take"]["id"]


def _reviewed(client: StationClient) -> dict[str, Any]:
    """The state in which the take awaits its review."""
    deadline = time.monotonic() + TAKE_S
    for _, state in client.subscribe("state", timeout_s=5.0):
        if state["fault"]:
            raise TakeFailed(f"{state['fault']['text']} {state['fault']['remedy']}")
        if state["phase"] == "review" and state["take"]["saved"]:
            return state
        if time.monotonic() > deadline:
            client.command("stop")
    raise TakeFailed("it fell silent.")
