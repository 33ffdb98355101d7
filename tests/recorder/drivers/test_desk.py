"""Desk: brakes, FCI and the buttons at the hand, by the unmodified panda-py against a simulated
control box."""

import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teachloop.recorder.devices.desk_account import PASSWORD, USER, DeskAccount
from teachloop.recorder.drivers.franka.desk import DeskRefused, FrankaDesk
from teachloop.recorder.station import commands
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.endpoint import StationError
from teachloop.recorder.station.published import EVENT, Event
from teachloop.simulation.controller import desk as simulated
from teachloop.simulation.controller.beside import Press
from teachloop.simulation.controller.desk import DeskPlace

PORT = 8443
ACCOUNT = DeskAccount(simulated.USER, simulated.PASSWORD)
STATION = """
robot: {{driver: panda, settings: {{address: {address}, desk: "{address}:{port}"}}}}
cameras:
  front: {{driver: simulated, width: 128, height: 128, fps: 20, settings: {{of: {address}}}}}
buttons: {{check: r, up: t}}
"""


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER, simulated.USER)
    monkeypatch.setenv(PASSWORD, simulated.PASSWORD)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt")


@pytest.fixture
def box(account: None, new_robot: Callable[..., Any]) -> Any:
    return new_robot(desk=DeskPlace(port=PORT))


@pytest.fixture
def desk(box: Any, tmp_path: Path) -> FrankaDesk:
    return FrankaDesk(f"{box.address}:{PORT}", ACCOUNT, tmp_path / "token.conf")


def test_what_it_keeps_about_its_control_is_for_this_user_alone(
    desk: FrankaDesk, tmp_path: Path
) -> None:
    assert desk.prepare() == "The joints are unlocked, and FCI takes commands."
    token = tmp_path / "token.conf"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert simulated.PASSWORD not in token.read_text()
    assert desk.prepare(), "who is in control already stays so"


def test_who_is_in_control_elsewhere_is_left_there(
    box: Any, desk: FrankaDesk, tmp_path: Path
) -> None:
    desk.prepare()
    other = FrankaDesk(f"{box.address}:{PORT}", ACCOUNT, tmp_path / "another.conf")
    with pytest.raises(DeskRefused, match="Somebody else is in control of Desk"):
        other.prepare()
    own = FrankaDesk(f"{box.address}:{PORT}", ACCOUNT, tmp_path / "token.conf")
    assert own.park() == "The joints are locked, and FCI is off."
    assert other.prepare(), "parking gave the control up"


def test_a_wrong_password_and_a_desk_that_is_away_are_said(box: Any, tmp_path: Path) -> None:
    another = DeskAccount(simulated.USER, "another")
    stranger = FrankaDesk(f"{box.address}:{PORT}", another, tmp_path / "token.conf")
    with pytest.raises(DeskRefused, match=f"refuses this user. See {USER} and {PASSWORD}"):
        stranger.prepare()
    away = FrankaDesk(f"{box.address}:1", ACCOUNT, tmp_path / "token.conf")
    with pytest.raises(DeskRefused, match="No Desk answers at"):
        away.prepare()


@pytest.fixture
def station(box: Any, tmp_path: Path, new_station: Callable[..., Any]) -> Any:
    """One whose robot has its brakes closed."""
    file = tmp_path / "station.yaml"
    file.write_text(STATION.format(address=box.address, port=PORT))
    return new_station("--station", str(file), well=False)


def keys_of(station: Any) -> list[str]:
    """What is pressed from now on, as it comes."""
    pressed: list[str] = []

    def listen() -> None:
        with StationClient.of(station.data) as client:
            for event in client.subscribe(EVENT, timeout_s=60.0):
                if isinstance(event, Event) and event.kind == "pressed":
                    pressed.append(event.text)

    threading.Thread(target=listen, daemon=True).start()
    return pressed


def test_a_robot_with_closed_brakes_is_prepared_driven_and_parked(box: Any, station: Any) -> None:
    state = station.state()
    assert state["desk"]
    assert "Activate FCI in Desk" in state["fault"]["text"]
    assert "FCI takes commands" in station.do("prepare_robot")["text"]
    station.wait(lambda state: state["ready"] and state["fault"] is None, 60)
    station.do("practice")
    with pytest.raises(StationError, match="Stop first"):
        station.do("park_robot")
    station.do("twist", linear=[0.0, 0.0, 0.1], angular=[0.0, 0.0, 0.0])
    station.wait(lambda state: state["robot"]["speed_m_s"] > 0.01)
    station.do("stop_robot")
    pressed = keys_of(station)
    deadline = time.monotonic() + 20
    while pressed != ["r", "t"]:  # what is pressed before it listens is nobody's
        assert time.monotonic() < deadline, pressed
        pressed.clear()
        for button in ("check", "left", "up"):
            box.happen(Press(button=button))
        time.sleep(0.5)
    assert "FCI is off" in station.client.send(commands.ParkRobot()).text
    state = station.wait(lambda state: state["fault"] is not None)
    assert state["fault"]["source"] in ("device", "robot")


def test_without_an_account_there_is_no_desk(
    new_robot: Callable[..., Any],
    tmp_path: Path,
    new_station: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(USER, raising=False)
    robot = new_robot()
    file = tmp_path / "station.yaml"
    file.write_text(STATION.format(address=robot.address, port=PORT))
    station = new_station("--station", str(file))
    assert not station.state()["desk"]
    with pytest.raises(StationError, match=f"{USER} and {PASSWORD} are not set"):
        station.do("prepare_robot")
