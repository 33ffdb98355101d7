"""A robot that stops by itself: the loop runs here, against a device process of our own."""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq

from teachloop.datasets.takes.reader import Take
from teachloop.recorder.devices.presets import PRESETS
from teachloop.recorder.devices.settings import DeviceSettings
from teachloop.recorder.station.client import StationClient, StationError
from teachloop.recorder.station.config import StationConfig
from teachloop.recorder.station.station import Station


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StationClient]:
    """The client of a station whose robot has reflexes."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    (tmp_path / "station").mkdir()
    stopping: list[int] = []
    with tempfile.TemporaryDirectory() as folder, zmq.Context() as context:
        robot = DeviceSettings(driver="reflex_robot:ReflexRobot")
        settings = PRESETS["synthetic"].model_copy(update={"robot": robot})
        station = Station(StationConfig(tmp_path, settings), context, Path(folder))
        with station:
            loop = threading.Thread(target=station.run, args=(stopping,))
            loop.start()
            names = ("command", "publish", "preview")
            with StationClient({name: f"ipc://{folder}/{name}" for name in names}) as running:
                yield running
            stopping.append(15)
            loop.join()


def wait(client: StationClient, true: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while not true(state := client.command("status")):
        assert time.monotonic() < deadline, state
        if client.lease:
            client.command("heartbeat")
        time.sleep(0.02)
    return state


def drive_left(client: StationClient) -> None:
    client.command("twist", linear=[0.0, 0.2, 0.0], angular=[0.0, 0.0, 0.0])


def test_a_reflex_stops_the_loop_until_a_person_acknowledges(
    client: StationClient, tmp_path: Path
) -> None:
    wait(client, lambda state: state["ready"])
    client.command("acquire", client="tests")
    take = client.command("start")["take"]
    state = wait(client, lambda state: drive_left(client) or state["fault"])
    assert state["fault"]["source"] == "robot"
    assert state["fault"]["remedy"] == "acknowledge"
    assert "cartesian reflex" in state["fault"]["text"]
    assert state["phase"] == "review", "what was recorded is not lost"
    client.command("discard")
    with pytest.raises(StationError, match="cartesian reflex"):
        client.command("practice")
    time.sleep(0.5)
    assert client.command("status")["fault"], "it does not go away by itself"
    client.command("acquire", client="tests", take_over=True)
    client.command("acknowledge")
    wait(client, lambda state: state["fault"] is None)
    client.command("practice")
    client.command("stop")
    with Take.open(tmp_path / "bin" / "takes" / take) as opened:
        assert [event.kind for event in opened.events] == ["start", "fault"]
