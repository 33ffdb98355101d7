"""A server whose station runs on another machine, before any station is there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from network import acquaint, free_ports

from teachloop.app.cli.serve import Serve
from teachloop.app.web.remote_station import RemoteStation, SettingsElsewhere
from teachloop.app.web.server import station_process
from teachloop.recorder.devices.presets import PRESETS
from teachloop.recorder.devices.settings_file import BadSettings
from teachloop.recorder.remote.address import StationAddress
from teachloop.recorder.remote.gate import Gate, gate_sockets
from teachloop.recorder.remote.gate_client import NobodyAnswers
from teachloop.recorder.remote.messages import About, StartStation, StationFacts

SETTINGS = PRESETS["synthetic"]


def facts(_asked: About | StartStation) -> StationFacts:
    settings = SETTINGS.model_dump_json()
    return StationFacts(host="robot-pc", data="/data", running=True, ended="", settings=settings)


@contextmanager
def gate(address: StationAddress, keys: Path) -> Iterator[None]:
    gone = threading.Event()
    with gate_sockets(address, keys) as sockets:
        serving = threading.Thread(target=Gate(keys, sockets, facts).run, args=(gone,))
        serving.start()
        yield
        gone.set()
        serving.join()


@pytest.fixture
def address() -> StationAddress:
    return StationAddress("127.0.0.1", free_ports())


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """Of this machine; the other one's lie beside it."""
    acquaint(tmp_path / "here", tmp_path / "there")
    return tmp_path / "here"


def serving(tmp_path: Path, address: StationAddress, keys: Path) -> RemoteStation:
    asked = Serve(data=tmp_path, station=str(address), keys=keys)
    station = station_process(tmp_path, asked)
    assert isinstance(station, RemoteStation)
    return station


def test_its_settings_are_those_of_the_other_machine_and_are_remembered(
    tmp_path: Path, address: StationAddress, keys: Path
) -> None:
    with gate(address, tmp_path / "there"):
        assert serving(tmp_path, address, keys).settings == SETTINGS
    assert serving(tmp_path, address, keys).settings == SETTINGS


def test_one_that_was_never_reached_is_said_at_the_start(
    tmp_path: Path, address: StationAddress, keys: Path
) -> None:
    with pytest.raises(NobodyAnswers):
        serving(tmp_path, address, keys)


def test_its_settings_are_not_changed_from_here(
    tmp_path: Path, address: StationAddress, keys: Path
) -> None:
    with pytest.raises(SettingsElsewhere, match="change its settings there"):
        RemoteStation(tmp_path, address, keys).save(SETTINGS)


@pytest.mark.parametrize(
    "named", [{"source": "synthetic"}, {"robot": "panda"}, {"robot_address": "127.0.0.2"}]
)
def test_devices_are_named_where_the_station_is(tmp_path: Path, named: dict[str, Any]) -> None:
    asked = Serve(data=tmp_path, station="tcp://127.0.0.1:7700", **named)
    with pytest.raises(BadSettings, match="says which devices it has"):
        station_process(tmp_path, asked)
