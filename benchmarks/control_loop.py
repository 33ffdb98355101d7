"""Does the control loop keep its ticks while a job trains beside it, and does the job get on?

Records the simulated Franka for a minute at 20 Hz, both 256×256 cameras and the 640×480
preview watched: first alone, then beside a training process with two threads, niced as jobs
are. The training also runs alone, for its speed. Then the synthetic cameras, for the previews;
and, with nobody looking, what a policy that answers at every tick costs the loop, in time and in
bytes. The limits work out the way of an arm that is told where to go, whoever tells it; so the bar
compares with an arm that is driven by keys, and what one costs that nobody moves stands beside it.
"""

import contextlib
import itertools
import os
import signal
import statistics
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

from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.reader import Take
from teachloop.jobs.launcher import job_environment
from teachloop.recorder.station import commands
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.endpoint import StationAway, read_endpoint
from teachloop.recorder.station.published import (
    OBSERVATION,
    PREVIEW,
    STATE,
    PolicyObservation,
    Preview,
)
from teachloop.runtime.ipc.serialization import pack

CAMERAS = ("front", "wrist")
TICK_S = 0.05
SLICES = 10  # of a measurement, whose median counts: others may use the machine for a moment
STANDING = Path(__file__).parent / "policies" / "standing.py"
TRAINING = Path(__file__).parent / "policies" / "training.py"


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    seconds: float = 60.0
    """How long to record each time."""


def measure(asked: Asked) -> Figures:
    """The loop alone, beside a training, and with the synthetic cameras."""
    seconds = 3.0 if asked.quick else asked.seconds
    results: dict[str, Any] = {"seconds": seconds}
    results["alone"] = record("simulated", seconds)
    with training() as speed:
        time.sleep(5.0)
        speed.restart()
        results["beside_training"] = record("simulated", seconds, before=speed.restart)
        beside = speed.steps_s()
    with training() as speed:
        time.sleep(5.0)
        speed.restart()
        time.sleep(min(20.0, seconds))
        alone = speed.steps_s()
    speeds = {"alone_steps_s": alone, "beside_steps_s": beside, "share": beside / alone}
    results["synthetic"] = record("synthetic", min(20.0, seconds))
    return {**results, "training": speeds, "policy": cost_of_a_policy(min(20.0, seconds))}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """A tick is 50 ms; a late one is felt in the hand."""
    beside, policy = figures["beside_training"]["loop"], figures["policy"]
    return [
        Bar("lateness beside a training, p99 ms", beside["p99_lateness_ms"], most=1.0),
        Bar("lateness with a policy, p99 ms", policy["with"]["p99_lateness_ms"], most=1.0),
        Bar("the loop's CPU with a policy over with keys", policy["cpu_ratio"], most=1.2),
        Bar("bytes of a tick's observation", policy["with"]["observation_bytes"], most=10_000),
    ]


def record(source: str, seconds: float, before: Any = lambda: None) -> dict[str, Any]:
    """Record for so long with both previews watched; what the loop and the viewer measured."""
    with (
        tempfile.TemporaryDirectory(prefix="teachloop-loop-") as data,
        station(Path(data), "--source", source) as client,
        beating(Path(data), client.lease or ""),
    ):
        if source == "simulated":
            client.send(commands.Reset(seed=7, verb="stack"))
            client.send(commands.SelectAgent(name="expert"))
        with Viewer(Path(data)) as viewer:
            before()
            take = client.send(commands.Start()).take or ""
            time.sleep(seconds)
            watched = viewer.summary()
            stopped = _stop_and_start(client)
            health = _health_of(Path(data) / "takes" / take)
    return {"loop": health, "previews": watched, **stopped}


def cost_of_a_policy(seconds: float) -> dict[str, Any]:
    """The loop's share of a core, its lateness and what it publishes: nobody moves the arm, keys
    do, a policy does."""
    with (
        tempfile.TemporaryDirectory(prefix="teachloop-loop-") as folder,
        station(Path(folder), "--source", "synthetic") as client,
        beating(Path(folder), client.lease or ""),
    ):
        data = Path(folder)
        still = _loop_costs(client, data, seconds, "hold")
        with sending(data, client.lease or "", TICK_S, _keys()):
            driven = _loop_costs(client, data, seconds, "operator")
        token = client.send(commands.AttachPolicy(name="standing")).policy
        client.send(commands.SelectAgent(name="policy"))
        command = [sys.executable, str(STANDING), folder]
        environment = {**os.environ, "TEACHLOOP_POLICY_TOKEN": token}
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as policy:
            attached = _loop_costs(client, data, seconds, "policy")
            policy.kill()
    ratio = attached["cpu"] / driven["cpu"]
    return {"still": still, "driven": driven, "with": attached, "cpu_ratio": ratio}


def _keys() -> Iterator[commands.Twist]:
    """To one side for two seconds, and back."""
    for tick in itertools.count():
        way = 0.02 if tick % 80 < 40 else -0.02
        yield commands.Twist(linear=[0.0, way, 0.0], angular=[0.0, 0.0, 0.0])


def _loop_costs(client: StationClient, data: Path, seconds: float, decider: str) -> dict[str, Any]:
    """While it records what that one decides."""
    loop = psutil.Process(read_endpoint(data).pid)
    take = client.send(commands.Start()).take or ""
    while client.send(commands.GetStatus()).decided_by != decider:
        time.sleep(0.1)
    time.sleep(1.0)
    began_ns = time.monotonic_ns()
    sizes, shares = [], []
    for _ in range(SLICES):
        before_s = _spent_s(loop)
        sizes += _observation_sizes(client, seconds / SLICES)
        shares.append((_spent_s(loop) - before_s) / (seconds / SLICES))
    client.send(commands.Stop())
    client.send(commands.Keep())
    with Take.open(data / "takes" / take) as opened:
        decided = opened.actions.decided_by[opened.actions.time_ns > began_ns]
        late_ms = opened.info.health["p99_lateness_ms"]
    return {
        "cpu": statistics.median(shares),
        "p99_lateness_ms": late_ms,
        "observation_bytes": sum(sizes) / max(1, len(sizes)),
        "observations_s": len(sizes) / seconds,
        "decided_by_policy": float((decided == Decider.POLICY).mean()),
    }


def _spent_s(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return spent.user + spent.system


def _observation_sizes(client: StationClient, seconds: float) -> list[int]:
    """Bytes of every observation that is published meanwhile."""
    until, sizes = time.monotonic() + seconds, []
    for message in client.subscribe(OBSERVATION, STATE):
        if isinstance(message, PolicyObservation):
            sizes.append(len(pack(message)))
        if time.monotonic() > until:
            break
    return sizes


def _stop_and_start(client: StationClient) -> dict[str, float]:
    """How long it takes from a stop to the next take."""
    begun = time.monotonic()
    client.send(commands.Stop())
    stopped = time.monotonic()
    client.send(commands.Keep())
    client.send(commands.Start())
    started = time.monotonic()
    client.send(commands.Stop())
    return {"stop_s": stopped - begun, "stop_keep_start_s": started - begun}


def _health_of(folder: Path) -> dict[str, Any]:
    with Take.open(folder) as take:
        dropped = {name: frames.dropped for name, frames in take.frames.items()}
        return {**take.info.health, "dropped_in_take": dropped, "bytes": take.path.stat().st_size}


@contextlib.contextmanager
def station(data: Path, *devices: str) -> Iterator[StationClient]:
    """A running station, and a client that holds its lease."""
    command = [sys.executable, "-m", "teachloop.app.processes.station", "--data", str(data)]
    process = subprocess.Popen([*command, *devices], start_new_session=True)
    try:
        with _connected(data, process) as client:
            while not client.send(commands.GetStatus()).ready:
                time.sleep(0.05)
            client.send(commands.Acquire(client="control_loop"))
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _connected(data: Path, process: "subprocess.Popen[bytes]") -> StationClient:
    while process.poll() is None:
        with contextlib.suppress(StationAway):
            return StationClient.of(data)
        time.sleep(0.05)
    raise AssertionError("the station ended")


def beating(data: Path, lease: str) -> contextlib.AbstractContextManager[None]:
    """Hold the lease from another thread."""
    return sending(data, lease, 0.1, itertools.repeat(commands.Heartbeat()))


@contextlib.contextmanager
def sending(
    data: Path, lease: str, period_s: float, said: Iterator[commands.Command[commands.Nothing]]
) -> Iterator[None]:
    """Say one after the other from another thread."""
    stopped = threading.Event()

    def say() -> None:
        with StationClient.of(data) as client:
            client.lease = lease
            while not stopped.wait(period_s):
                client.send(next(said))

    thread = threading.Thread(target=say, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


class Viewer:
    """Watches all previews from another thread, as the web process does."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._frames: dict[str, list[tuple[int, float]]] = {name: [] for name in CAMERAS}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._since = time.monotonic()

    def __enter__(self) -> "Viewer":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        with StationClient.of(self._data) as client:
            for frame in client.subscribe(PREVIEW, STATE):
                if self._done.is_set():
                    return
                if isinstance(frame, Preview):
                    age_ms = (time.monotonic_ns() - frame.time_ns) / 1e6
                    self._frames[frame.camera].append((frame.number, age_ms))

    def summary(self) -> dict[str, Any]:
        """Distinct frames a second and the age at which they came, for each camera."""
        seconds = time.monotonic() - self._since
        return {
            name: {
                "distinct_fps": round(len({number for number, _ in frames}) / seconds, 2),
                "p50_age_ms": _quantile([age for _, age in frames], 0.5),
                "p95_age_ms": _quantile([age for _, age in frames], 0.95),
            }
            for name, frames in self._frames.items()
        }


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[int(share * (len(ordered) - 1))], 2) if ordered else float("nan")


class Speed:
    """Counts the steps that a training process prints."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._steps, self._since = 0, time.monotonic()
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        for _ in self._process.stdout or ():
            self._steps += 1

    def restart(self) -> None:
        """Count from here."""
        self._steps, self._since = 0, time.monotonic()

    def steps_s(self) -> float:
        """Steps a second since the last restart."""
        return round(self._steps / (time.monotonic() - self._since), 2)


@contextlib.contextmanager
def training() -> Iterator[Speed]:
    """A training process in a session of its own, as a job is."""
    process = subprocess.Popen(
        [sys.executable, str(TRAINING)],
        stdout=subprocess.PIPE,
        text=True,
        env=job_environment(),
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()  # its first step: torch is loaded
    try:
        yield Speed(process)
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
