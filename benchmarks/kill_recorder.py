"""Kills a recording station at random moments and looks at what is left.

For every kill: a take is recorded while a witness listens to what the station publishes; then
``kill -9`` ends all processes of the station (in every fourth round its main process alone);
``recover`` runs (killed itself in every third round); the take must open without fault, and no
tick or frame that the witness saw more than 150 ms before the kill may be missing.
"""

import contextlib
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from frame import Bar, Figures, Options, run

from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.recorder.station import commands
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.endpoint import StationAway
from teachloop.recorder.station.published import PREVIEW, STATE, Preview
from teachloop.recorder.station.status import Status
from teachloop.simulation.gl import choose_backend

ALLOWED_MS = 150.0
RECOVER = (
    "import sys; from pathlib import Path; from teachloop.datasets.takes.recover import recover;"
    "recover(Path(sys.argv[1]))"
)


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    kills: int = 30
    """How many."""
    source: str = "simulated"
    """The station's devices."""


def measure(asked: Asked) -> Figures:
    """Every round, how many were bad, and the worst loss."""
    rounds = kill(3 if asked.quick else asked.kills, asked.seed, asked.source)
    worst_ms = max(each["missing_ms"] for each in rounds)
    bad = sum(failed(each) for each in rounds)
    return {
        "kills": len(rounds),
        "bad": bad,
        "worst_missing_ms": worst_ms,
        "rounds": rounds,
    }


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Nothing that was published 150 ms before a kill is lost."""
    return [
        Bar("kills after which something was wrong", figures["bad"], most=0),
        Bar("most that was lost, ms", figures["worst_missing_ms"], most=ALLOWED_MS),
    ]


def failed(one: dict[str, Any]) -> bool:
    """Whether a kill lost more than it may."""
    return bool(one["faults"]) or one["missing_ms"] > ALLOWED_MS or not one["rows"]["state"]


def kill(kills: int, seed: int, source: str = "simulated") -> list[dict[str, Any]]:
    """One dict for each kill: take, seconds, missing_ms, main_only, recover_killed, faults."""
    moments = random.Random(seed)
    choose_backend()  # once for all stations, which inherit the answer
    with tempfile.TemporaryDirectory(prefix="teachloop-kill-") as data:
        return [
            one_kill(
                Path(data),
                source,
                moments.uniform(0.3, 3.0),
                main_only=number % 4 == 3,
                kill_recover=number % 3 == 2,
            )
            for number in range(kills)
        ]


def one_kill(
    data: Path, source: str, seconds: float, *, main_only: bool, kill_recover: bool
) -> dict[str, Any]:
    """Record for so long, kill, recover, look."""
    command = [sys.executable, "-m", "teachloop.app.processes.station", "--data", str(data)]
    station = subprocess.Popen([*command, "--source", source], start_new_session=True)
    with _connected(data, station) as client, Witness(data) as witness:
        _wait_until_ready(client)
        client.send(commands.Acquire(client="kill_recorder"))
        with beating(data, client.lease or ""):
            take = client.send(commands.Start(), reply_timeout_s=60).take or ""
            time.sleep(seconds)
            killed_ns = _kill(station, main_only=main_only)
    takes = data / "takes"
    if kill_recover:
        _recover_killed(takes)
    subprocess.run([sys.executable, "-c", RECOVER, str(takes)], check=True)
    found = _look(takes / take, witness.seen, killed_ns)
    given = {"take": take, "seconds": round(seconds, 3)}
    return {**given, "main_only": main_only, "recover_killed": kill_recover, **found}


class Witness:
    """Listens from another thread: the times of all ticks and frames that were published."""

    def __init__(self, data: Path) -> None:
        self.seen: dict[str, list[int]] = {"state": [], "preview/front": [], "preview/wrist": []}
        self._data, self._done = data, threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "Witness":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def _listen(self) -> None:
        with StationClient.of(self._data) as client:
            while not self._done.is_set():
                for message in client.subscribe(STATE, PREVIEW, timeout_s=0.5):
                    if isinstance(message, Preview):
                        self.seen[f"{PREVIEW}{message.camera}"].append(message.time_ns)
                    elif isinstance(message, Status):
                        self.seen[STATE].append(message.time_ns)


@contextlib.contextmanager
def beating(data: Path, lease: str) -> Iterator[None]:
    """Hold the lease from another thread."""
    stopped = threading.Event()
    thread = threading.Thread(target=_beat, args=(data, lease, stopped), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _connected(data: Path, station: "subprocess.Popen[bytes]") -> StationClient:
    for _ in range(1200):
        try:
            client = StationClient.of(data)
            client.send(commands.GetStatus(), reply_timeout_s=1.0)
            return client
        except StationAway:
            assert station.poll() is None, "the station ended"
            time.sleep(0.05)
    raise AssertionError("the station did not start")


def _wait_until_ready(client: StationClient) -> None:
    while not client.send(commands.GetStatus()).ready:
        time.sleep(0.05)


def _beat(data: Path, lease: str, stopped: threading.Event) -> None:
    with StationClient.of(data) as client:
        client.lease = lease
        while not stopped.wait(0.1):
            try:
                client.send(commands.Heartbeat(), reply_timeout_s=0.5)
            except StationAway:
                return


def _kill(station: "subprocess.Popen[bytes]", *, main_only: bool) -> int:
    """Kill, and wait until all is gone; the moment just before (monotonic ns)."""
    main = psutil.Process(station.pid)
    children = main.children()
    doomed = [main] if main_only else [main, *children]
    killed_ns = time.monotonic_ns()
    for process in doomed:
        process.kill()
    station.wait()
    _, alive = psutil.wait_procs(children, 10)
    assert not alive, "a child outlived its station"
    return killed_ns


def _recover_killed(takes: Path) -> None:
    recovering = subprocess.Popen([sys.executable, "-c", RECOVER, str(takes)])
    time.sleep(random.uniform(0.2, 1.2))
    recovering.kill()
    recovering.wait()


def _look(folder: Path, seen: dict[str, list[int]], killed_ns: int) -> dict[str, Any]:
    """What is in the take, and how old the oldest thing is that the witness saw and it lacks."""
    faults = [str(fault) for fault in check(folder) if "interrupt" not in str(fault)]
    with Take.open(folder) as take:
        start_ns = int(take.actions.time_ns[0]) if len(take.actions.time_ns) else killed_ns
        written = {f"preview/{name}": set(f.time_ns.tolist()) for name, f in take.frames.items()}
        written["state"] = set(take.actions.time_ns.tolist())
    missing = [
        killed_ns - time_ns
        for topic, times in seen.items()
        for time_ns in times
        if start_ns <= time_ns <= killed_ns and time_ns not in written[topic]
    ]
    rows = {topic: len(times) for topic, times in written.items()}
    return {"rows": rows, "missing_ms": round(max(missing, default=0) / 1e6, 1), "faults": faults}


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
