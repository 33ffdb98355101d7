"""Starts the station as a child process, or attaches to one that outlived its parent."""

import contextlib
from pathlib import Path

import psutil

from ...recorder.devices.desk_account import DeskAccount
from ...recorder.devices.settings import StationSettings
from ...recorder.devices.settings_file import save_settings, settings_file
from ...recorder.devices.station_choice import NOTHING_ASKED, StationChoice
from ...recorder.station.endpoint import StationAway, fingerprint, read_endpoint
from ...runtime.errors import TeachloopError
from ...runtime.processes.child import Child, last_lines
from ..processes.station_start import SERVED, start_station
from .station_users import StationUsers

GRACE_S = 5.0


class OtherStation(TeachloopError):
    """One with other devices than were asked for."""

    def __init__(self, data: Path, pid: int) -> None:
        super().__init__(
            f"A station with other devices runs for {data} (process {pid}). End the server that "
            "uses it first, name no devices to use that one, or give another "
            "--data."
        )


class StationProcess:
    """The station of one data folder. It is in a session of its own, so that what ends the
    web process does not cut a take short."""

    def __init__(
        self,
        data: Path,
        choice: StationChoice = NOTHING_ASKED,
        account: DeskAccount | None = None,
    ) -> None:
        """``account``: who asks the robot's Desk."""
        self.data = data
        self._choice, self._account = choice, account
        self._started: StationSettings | None = None
        self._child: Child | None = None
        self._users = StationUsers(data / "station")

    @property
    def settings(self) -> StationSettings:
        """What it would be started with now. Raises BadSettings."""
        return self._choice.settings(self.data)

    @property
    def file(self) -> Path:
        """Where its settings are kept."""
        return self._choice.file or settings_file(self.data)

    def save(self, settings: StationSettings) -> None:
        """Keep these; they hold when it is started again."""
        save_settings(self.file, settings)
        self._choice = StationChoice(file=self._choice.file)

    def expect_changeable(self) -> None:
        """Its devices can be tried and it can be started anew from here. May raise, of another
        machine's."""

    @property
    def restart_needed(self) -> bool:
        """Whether what runs has other settings than it would have now."""
        if self._started is None:
            return False
        return self._started != self.settings or not self._fits(self._fingerprint)

    @property
    def _asked(self) -> bool:
        """Whether this very station was asked for by name."""
        return self._choice.by_name

    @property
    def _fingerprint(self) -> str:
        return fingerprint(self.settings)

    def _fits(self, wanted: str) -> bool:
        """Whether the station that is there, if any says so, has these settings."""
        try:
            said = read_endpoint(self.data).settings
        except StationAway:
            return True
        return said in ("", wanted)

    @property
    def simulated(self) -> bool:
        """Whether its robot is a simulated Franka."""
        return (self._started or self.settings).robot.driver == "simulated"

    @property
    def running(self) -> bool:
        return self._found() is not None or (self._child is not None and self._child.running)

    @property
    def how_it_ended(self) -> str:
        """In words for the page, where it was our own child."""
        how = self._child.how_it_ended if self._child else None
        return f": it {how}" if how else ""

    def start(self) -> None:
        """Start it, unless one is already there. Raises OtherStation where that one has other
        devices than were asked for by name."""
        there = self._found()
        if there is not None and self._asked and not self._fits(self._fingerprint):
            raise OtherStation(self.data, there.pid)
        self._users.join()
        running = self.running
        if self._started is None or not running:
            self._started = self.settings  # of one that is there, as far as we can know
        if not running:
            self._child = self._launched()

    def _launched(self) -> Child:
        return start_station(self.data, self._choice.arguments, self._account)

    def leave(self) -> None:
        """Use it no more. The last server that leaves ends it; one that somebody else than a
        server started stays."""
        if not self._users.leave():
            return
        found = self._found()
        if found is None or _is_of_servers(found):
            self.end()

    def end(self) -> None:
        """End whichever is there."""
        found = self._found()
        if self._child is not None:
            self._child.stop(GRACE_S)
        if found is not None:
            _end(found)

    def last_words(self, lines: int = 8) -> str:
        """The end of its log, for the page that says that it died."""
        return last_lines(self.data / "station" / "log.txt", lines)

    def _found(self) -> psutil.Process | None:
        with contextlib.suppress(StationAway, psutil.Error):
            process = psutil.Process(read_endpoint(self.data).pid)
            if process.status() != psutil.STATUS_ZOMBIE and "station" in " ".join(
                process.cmdline()
            ):
                return process
        return None


def _is_of_servers(station: psutil.Process) -> bool:
    try:
        return SERVED in station.cmdline()
    except psutil.NoSuchProcess:
        return False


def _end(process: psutil.Process) -> None:
    """Ask it to end, and make sure that it does."""
    with contextlib.suppress(psutil.NoSuchProcess):
        try:
            process.terminate()
            process.wait(GRACE_S)
        except psutil.TimeoutExpired:
            process.kill()
