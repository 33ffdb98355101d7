"""Several servers on one data folder, and one station: who starts, uses and ends it."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from teachloop.app.web.station_process import OtherStation, StationProcess
from teachloop.recorder.devices.station_choice import StationChoice
from teachloop.recorder.station.endpoint import StationAway, read_endpoint

PRESET = "synthetic"
START_S = 60.0


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    StationProcess(tmp_path).end()


@pytest.fixture
def station_of(data: Path) -> Callable[..., StationProcess]:
    """The station, as another server of the folder sees it."""
    return lambda preset=PRESET: StationProcess(data, StationChoice(preset=preset))


def reached(data: Path) -> int:
    """The process id of the station, once it says where it is."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            return read_endpoint(data).pid
        except StationAway:
            time.sleep(0.05)
    raise AssertionError("no station came")


def test_the_last_server_that_leaves_ends_the_station(
    data: Path, station_of: Callable[..., StationProcess]
) -> None:
    first, second = station_of(), station_of()
    first.start()
    pid = reached(data)
    second.start()
    assert reached(data) == pid
    first.leave()
    assert second.running
    second.leave()
    assert not second.running


def test_what_a_killed_server_left_is_ended_by_the_next_that_leaves(
    data: Path, station_of: Callable[..., StationProcess]
) -> None:
    code = (
        "import sys, time; from pathlib import Path;"
        "from teachloop.app.web.station_process import StationChoice, StationProcess;"
        f"choice = StationChoice(preset={PRESET!r});"
        "StationProcess(Path(sys.argv[1]), choice).start(); time.sleep(600)"
    )
    killed = subprocess.Popen([sys.executable, "-c", code, str(data)])
    pid = reached(data)
    killed.kill()
    killed.wait()
    following = station_of()
    following.start()
    assert reached(data) == pid
    following.leave()
    assert not following.running


def test_other_devices_by_name_are_no_reason_to_use_those_that_run(
    data: Path, station_of: Callable[..., StationProcess]
) -> None:
    first = station_of()
    first.start()
    reached(data)
    with pytest.raises(OtherStation, match="other devices"):
        station_of("simulated").start()
    same = station_of()
    same.start()
    assert not same.restart_needed
    unnamed = station_of(None)
    unnamed.start()
    assert unnamed.restart_needed
    for each in (same, unnamed):
        each.leave()
    assert first.running


def test_a_station_that_somebody_started_by_hand_stays(
    data: Path, station_of: Callable[..., StationProcess]
) -> None:
    command = [sys.executable, "-m", "teachloop.app.processes.station", "--data", str(data)]
    by_hand = subprocess.Popen([*command, "--source", PRESET])
    reached(data)
    server = station_of()
    server.start()
    server.leave()
    assert by_hand.poll() is None
    by_hand.terminate()
    by_hand.wait(20)


def test_a_restart_that_a_person_asks_for_ends_whichever_is_there(
    data: Path, station_of: Callable[..., StationProcess]
) -> None:
    first, second = station_of(), station_of()
    first.start()
    pid = reached(data)
    second.start()
    second.end()
    assert not second.running
    second.start()
    assert reached(data) != pid
