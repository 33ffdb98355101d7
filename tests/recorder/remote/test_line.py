"""A station on another machine, over a network that is slow and gets cut: real processes."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest
from cable import DEVICE, Cable, laid
from network import Network, acquaint, free_ports, network

from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.trash import in_bin
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.commands import (
    Acquire,
    AttachPolicy,
    Chunk,
    GetStatus,
    Heartbeat,
    Keep,
    MarkSuccess,
    Practice,
    Start,
    Stop,
    StopRobot,
    Twist,
    Undo,
)
from teachloop.recorder.station.endpoint import StationAway, StationError, read_endpoint
from teachloop.recorder.station.published import (
    EVENT,
    OBSERVATION,
    PREVIEW,
    STATE,
    Event,
    PolicyObservation,
    Preview,
)
from teachloop.recorder.station.status import Status
from teachloop.runtime.ipc.frames import SharedFrames

START_S = 90.0
DELAY_S = 0.02
TWIST = Twist(linear=[0.0, 0.0, 0.05], angular=[0.0, 0.0, 0.0])


@contextlib.contextmanager
def ended(*processes: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


class Machines:
    """The robot's with a station and its gate, and the one where it is used."""

    def __init__(self, root: Path, listen: str, address: str) -> None:
        self.there, self.here = root / "there", root / "here"
        self._listen, self._address, self._keys = listen, address, root
        acquaint(root / "keys-there", root / "keys-here")

    @contextlib.contextmanager
    def station(self, inside: Sequence[str] = ()) -> Iterator[None]:
        """For the block, from the moment when its gate listens."""
        keys = str(self._keys / "keys-there")
        options = ("--data", str(self.there), "--keys", keys, "--source", "synthetic")
        command = [*inside, sys.executable, "-m", "teachloop.app.cli", "station", *options]
        gate = subprocess.Popen([*command, "--listen", self._listen], stdout=subprocess.PIPE)
        assert gate.stdout is not None
        with ended(gate):
            assert gate.stdout.readline().startswith(b"Listening")
            yield

    def line(self, inside: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
        keys = str(self._keys / "keys-here")
        options = ("--data", str(self.here), "--keys", keys, "--address", self._address)
        module = "teachloop.app.processes.station_line"
        return subprocess.Popen([*inside, sys.executable, "-m", module, *options])

    def client(self) -> StationClient:
        """Of the station, as a program here has it, once it is ready."""
        until(lambda: read_endpoint(self.here))
        client = StationClient.of(self.here)
        assert until(lambda: client.send(GetStatus()).ready)
        return client


def until(said: Callable[[], object], limit_s: float = START_S) -> object:
    """What is said at last, other than nothing or that the station is away."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        with contextlib.suppress(StationAway, StationError):
            if found := said():
                return found
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machines, Network]]:
    port = free_ports()
    with network(port, DELAY_S) as between:
        machines = Machines(tmp_path, f"tcp://127.0.0.1:{port}", f"tcp://127.0.0.1:{between.port}")
        with machines.station():
            yield machines, between


@pytest.fixture
def client(machines: tuple[Machines, Network]) -> Iterator[StationClient]:
    with ended(machines[0].line()), machines[0].client() as client:
        yield client


def test_commands_states_and_pictures_come_over(client: StationClient) -> None:
    assert client.send(Acquire(client="desk")).lease
    client.send(TWIST)
    kinds = set()
    for message in client.subscribe(PREVIEW, STATE, timeout_s=START_S):
        kinds.add(type(message))
        if isinstance(message, Preview):
            assert message.jpeg.startswith(b"\xff\xd8")
        if kinds == {Status, Preview}:
            break


def test_a_policy_here_sees_every_pixel_and_is_followed_there(client: StationClient) -> None:
    client.send(Acquire(client="desk"))
    token = client.send(AttachPolicy(name="policy")).policy
    for seen in client.subscribe(OBSERVATION, timeout_s=START_S):
        assert isinstance(seen, PolicyObservation)
        client.send(Heartbeat())
        frames = SharedFrames()
        images = [frames.read(frame) for frame in seen.frames.values()]
        assert [image is not None and image.any() for image in images] == [True, True]
        assert 0 <= seen.age_ns < 1e9
        chunk = Chunk(policy=token, time_ns=seen.time_ns, poses=[seen.ee_pose], grippers=[1.0])
        assert client.send(chunk).taken
        break


def test_a_take_comes_over_with_what_its_station_says_of_it(
    client: StationClient, machines: tuple[Machines, Network]
) -> None:
    client.send(Acquire(client="desk"))
    client.send(Start())
    time.sleep(0.5)
    take = client.send(Stop()).take or ""
    here = machines[0].here / "takes" / take
    assert until(lambda: client.send(Heartbeat()) and here.is_dir()), "it is there to be reviewed"
    assert check(here) == []
    client.send(MarkSuccess(value=True))
    client.send(Keep())
    assert until(lambda: client.send(Heartbeat()) and Labels.open(here).snapshot.success)
    client.send(Undo())
    assert until(lambda: client.send(Heartbeat()) and in_bin(here))


def test_a_cut_line_is_said_the_robot_holds_and_it_goes_on_by_itself(
    client: StationClient, machines: tuple[Machines, Network]
) -> None:
    _, between = machines
    client.send(Acquire(client="desk"))
    client.send(TWIST)
    events = client.subscribe(EVENT, STATE, timeout_s=START_S)
    next(events)  # from now on none is missed
    between.cut()
    said = next(event for event in events if isinstance(event, Event) and event.kind == "warning")
    assert "Nothing is heard of the station" in said.text
    with pytest.raises(StationError, match="It holds the robot by itself"):
        client.send(TWIST)
    with pytest.raises(StationError, match="does not reach it"):
        client.send(StopRobot())
    between.mend()
    status = until(lambda: client.send(GetStatus()))
    assert isinstance(status, Status)
    assert status.lease is None, "its lease lapsed while nothing was heard"
    assert status.decided_by == "hold"
    client.send(Acquire(client="desk"))
    client.send(TWIST)


def test_a_station_that_was_killed_is_said_and_started_again_from_here(
    machines: tuple[Machines, Network],
) -> None:
    there = machines[0]
    first = there.line()
    with ended(first):
        there.client().close()
        psutil.Process(read_endpoint(there.there).pid).send_signal(signal.SIGKILL)
        assert first.wait(START_S) == 1, "the line ends with what the gate says of the station"
    with ended(there.line()), there.client() as client:
        assert client.send(GetStatus()).ready


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def inside(name: str) -> list[str]:
    """What runs a program on that host."""
    return ["ip", "netns", "exec", name]


def why_not() -> str:
    """Why no hosts can be made here; empty where they can."""
    if shutil.which("ip") is None:
        return "ip is not installed"
    made = subprocess.run(["ip", "netns", "add", "tl-try"], capture_output=True, text=True)
    if made.returncode:
        return f"no network namespace can be made: {made.stderr.strip()}"
    ip("netns", "del", "tl-try")
    return "" if os.access(DEVICE, os.R_OK | os.W_OK) else f"{DEVICE} is not to be had"


@contextlib.contextmanager
def two_hosts(cable: Cable) -> Iterator[tuple[list[str], list[str]]]:
    """How to run a program on each of two, which are 10.77.0.1 and 10.77.0.2."""
    names, links = ["tl-robot", "tl-desk"], ["tl0", "tl1"]
    try:
        with laid(cable, *links):
            for number, (name, link) in enumerate(zip(names, links, strict=True), start=1):
                ip("netns", "add", name)
                ip("link", "set", link, "netns", name)
                ip("-n", name, "addr", "add", f"10.77.0.{number}/24", "dev", link)
                ip("-n", name, "link", "set", link, "up")
            yield inside(names[0]), inside(names[1])
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False)


@pytest.fixture(params=[Cable(), Cable(delay_s=0.02, lost_percent=1.0)], ids=["good", "bad"])
def far(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StationClient]:
    """The client of a station on another host, over a cable that is good, or is not."""
    if reason := why_not():
        pytest.skip(reason)
    machines = Machines(tmp_path, "tcp://10.77.0.1:7700", "tcp://10.77.0.1:7700")
    with (
        two_hosts(request.param) as (robot, desk),
        machines.station(robot),
        ended(machines.line(desk)),
        machines.client() as client,
    ):
        yield client


def test_a_robot_on_another_host_is_driven_over_a_bad_cable_too(far: StationClient) -> None:
    far.send(Acquire(client="desk"))
    far.send(Practice())
    before = height(far)

    def risen() -> bool:
        far.send(Heartbeat())
        far.send(TWIST)
        return height(far) > before + 0.02

    assert until(risen)


def height(client: StationClient) -> float:
    """Of the robot's hand, in metres."""
    robot = client.send(GetStatus()).robot
    assert robot is not None
    return robot.ee_pose[11]
