"""A real station for the tests: its own processes, its own data folder, killed at the end."""

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import settings

from teachloop.recorder.station import commands
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.command_table import command_from
from teachloop.recorder.station.endpoint import StationAway, StationError
from teachloop.simulation.gl import choose_backend

choose_backend()  # once for all stations, which inherit the answer

# A busy machine is no failure of what is tested.
settings.register_profile("recorder", deadline=None, database=None)
settings.load_profile("recorder")

START_S = 60.0


class RunningStation:
    """A station process and a client of it that holds the lease."""

    def __init__(self, data: Path, *devices: str, well: bool = True) -> None:
        """``well``: whether it is to start without a fault."""
        self.data, self.devices, self.well = data, devices, well
        self._beating = threading.Event()
        try:
            self._start()
        except BaseException:
            self.process.kill()
            raise

    def _start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "teachloop.app.processes.station",
            "--data",
            str(self.data),
        ]
        self.process = subprocess.Popen([*command, *self.devices], start_new_session=True)
        self.client = self._connect()
        state = self.wait(lambda state: state["ready"] or state["fault"], START_S)
        assert (state["fault"] is None) == self.well, state["fault"]

    def _connect(self) -> StationClient:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            try:
                return StationClient.of(self.data)
            except StationAway:
                assert self.process.poll() is None, "the station ended"
                time.sleep(0.05)
        raise AssertionError("the station did not start")

    def state(self) -> dict[str, Any]:
        return self.client.send(commands.GetStatus()).model_dump(mode="json")

    def do(self, name: str, /, **fields: Any) -> dict[str, Any]:
        command = command_from(name, fields)
        return self.client.send(command).model_dump(mode="json")

    def wait(
        self, true: Callable[[dict[str, Any]], bool], timeout_s: float = 20.0
    ) -> dict[str, Any]:
        """The first state that is as wanted."""
        deadline = time.monotonic() + timeout_s
        while not true(state := self.state()):
            assert time.monotonic() < deadline, f"never came true; the state was {state}"
            time.sleep(0.02)
        return state

    def take_control(self) -> None:
        """Hold the lease, and beat from another thread, as a page does."""
        self.fall_silent()
        self.do("acquire", client="tests")
        self._beating = threading.Event()
        self._beating.set()
        threading.Thread(target=self._beat, args=(self.client.lease,), daemon=True).start()

    def fall_silent(self) -> None:
        """Stop beating."""
        self._beating.clear()

    def _beat(self, lease: str) -> None:
        beating = self._beating
        with StationClient.of(self.data) as client, contextlib.suppress(StationError):
            client.lease = lease
            while beating.is_set():
                client.send(commands.Heartbeat(), reply_timeout_s=2.0)
                time.sleep(0.1)

    def children(self) -> dict[str, psutil.Process]:
        """Its processes by name."""
        found = psutil.Process(self.process.pid).children()
        addresses = {child: json.loads(child.cmdline()[3])["address"] for child in found}
        return {Path(at).name.rstrip("0123456789"): child for child, at in addresses.items()}

    def rest(self) -> None:
        """Whatever a test left: idle, nobody in control, no policy."""
        self.fall_silent()
        self.do("acquire", client="rest", take_over=True)
        self.do("stop_robot")
        if self.state()["phase"] == "review":
            self.do("discard")
        self.do("select_agent", name="keyboard")
        self.do("detach_policy")
        self.do("release")

    def close(self) -> None:
        self.fall_silent()
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def new_station(tmp_path: Path) -> Iterator[Callable[..., RunningStation]]:
    """Starts stations; ends them all."""
    started: list[RunningStation] = []

    def start(*devices: str, data: Path | None = None, well: bool = True) -> RunningStation:
        started.append(RunningStation(data or tmp_path / "data", *devices, well=well))
        started[-1].take_control()
        return started[-1]

    yield start
    for station in started:
        if station.process.poll() is None:
            station.close()


@pytest.fixture
def own_station(new_station: Callable[..., RunningStation]) -> RunningStation:
    """A simulated station that the test may break; we hold its lease."""
    return new_station()


@pytest.fixture(scope="module")
def shared_station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStation]:
    """Starting one takes seconds, so tests that leave it whole share it."""
    running = RunningStation(tmp_path_factory.mktemp("station") / "data")
    yield running
    running.close()


@pytest.fixture
def station(shared_station: RunningStation) -> Iterator[RunningStation]:
    """The shared station, at rest; we hold its lease."""
    shared_station.take_control()
    yield shared_station
    shared_station.rest()
