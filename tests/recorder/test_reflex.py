"""A robot that stops by itself: the loop runs here, against a device process of our own."""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from teachloop.datasets.takes.reader import Take
from teachloop.recorder.devices.presets import PRESETS
from teachloop.recorder.devices.settings import RobotSettings
from teachloop.recorder.station import commands
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.command_handler import CommandHandler
from teachloop.recorder.station.config import StationConfig
from teachloop.recorder.station.endpoint import Endpoint, StationError
from teachloop.recorder.station.session import Phase
from teachloop.recorder.station.station import Station
from teachloop.recorder.station.status import Status
from teachloop.recorder.station.ticking import Ticking


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StationClient]:
    """The client of a station whose robot has reflexes."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    (tmp_path / "station").mkdir()
    stopping: list[int] = []
    with tempfile.TemporaryDirectory() as folder, zmq.Context() as context:
        robot = RobotSettings(driver="reflex_robot:ReflexRobot")
        settings = PRESETS["synthetic"].model_copy(update={"robot": robot})
        station = Station(StationConfig(tmp_path, settings), context, Path(folder))
        with station:
            loop = threading.Thread(
                target=Ticking(station).run, args=(stopping, CommandHandler(station).handle)
            )
            loop.start()
            with StationClient(Endpoint.in_folder(Path(folder), os.getpid())) as running:
                yield running
            stopping.append(15)
            loop.join()


def wait(client: StationClient, true: Callable[[Status], object]) -> Status:
    deadline = time.monotonic() + 60
    while not true(state := client.send(commands.GetStatus())):
        assert time.monotonic() < deadline, state
        if client.lease:
            client.send(commands.Heartbeat())
        time.sleep(0.02)
    return state


def drive_left(client: StationClient) -> None:
    client.send(commands.Twist(linear=[0.0, 0.2, 0.0], angular=[0.0, 0.0, 0.0]))


def test_a_reflex_stops_the_loop_until_a_person_acknowledges(
    client: StationClient, tmp_path: Path
) -> None:
    wait(client, lambda state: state.ready)
    client.send(commands.Acquire(client="tests"))
    take = client.send(commands.Start()).take
    state = wait(client, lambda state: drive_left(client) or state.fault)
    assert state.fault is not None
    assert state.fault.source == "robot"
    assert state.fault.remedy == "acknowledge"
    assert "cartesian reflex" in state.fault.text
    assert state.phase is Phase.REVIEW, "what was recorded is not lost"
    client.send(commands.Discard())
    with pytest.raises(StationError, match="cartesian reflex"):
        client.send(commands.Practice())
    time.sleep(0.5)
    assert client.send(commands.GetStatus()).fault, "it does not go away by itself"
    client.send(commands.Acquire(client="tests", take_over=True))
    client.send(commands.Acknowledge())
    wait(client, lambda state: state.fault is None)
    client.send(commands.Practice())
    client.send(commands.Stop())
    assert take is not None
    with Take.open(tmp_path / "takes" / take) as opened:
        assert [event.kind for event in opened.events] == ["start", "fault"]
