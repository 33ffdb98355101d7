"""How the process of a station is started; loads nothing of it."""

from collections.abc import Sequence
from pathlib import Path

from ...recorder.devices.desk_account import DeskAccount
from ...runtime.processes.child import OUTLIVES_PARENT, Child, python_module

MODULE = "teachloop.app.processes.station"
LINE = "teachloop.app.processes.station_line"
SERVED = "--served"  # the last server that uses it ends it


def start_station(data: Path, choice: Sequence[str], account: DeskAccount | None) -> Child:
    """In a session of its own, so that what ends a server does not cut a take short. ``account``:
    who asks the robot's Desk."""
    folder = data / "station"
    folder.mkdir(parents=True, exist_ok=True)
    command = python_module(MODULE, "--data", str(data), SERVED, *choice)
    environment = account.environment if account else None
    return Child.start(command, folder / "log.txt", OUTLIVES_PARENT, environment=environment)


def start_line(data: Path, address: str, keys: Path) -> Child:
    """What stands for a station that runs on another machine."""
    folder = data / "station"
    folder.mkdir(parents=True, exist_ok=True)
    command = python_module(LINE, "--data", str(data), "--address", address, "--keys", str(keys))
    return Child.start([*command, SERVED], folder / "log.txt", OUTLIVES_PARENT)
