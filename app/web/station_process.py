"""Starts the station as a child process, or attaches to one that outlived its parent."""

import contextlib
from pathlib import Path

import psutil

from ...recorder.devices.settings import StationSettings
from ...recorder.devices.settings_file import choose_settings, save_settings, settings_file
from ...recorder.station.endpoint import StationAway, read_endpoint
from ...runtime.processes.child import OUTLIVES_PARENT, Child, last_lines, python_module

GRACE_S = 5.0


class StationProcess:
    """The station of one data folder. It is in a session of its own, so that what ends the
    web process does not cut a take short."""

    def __init__(self, data: Path, file: Path | None = None, preset: str | None = None) -> None:
        self.data = data
        self._file, self._preset = file, preset
        self._started: StationSettings | None = None
        self._child: Child | None = None

    @property
    def settings(self) -> StationSettings:
        """What it would be started with now. Raises BadSettings."""
        return choose_settings(self.data, self._file, self._preset)

    @property
    def file(self) -> Path:
        """Where its settings are kept."""
        return self._file or settings_file(self.data)

    def save(self, settings: StationSettings) -> None:
        """Keep these; they hold when it is started again."""
        save_settings(self.file, settings)
        self._preset = None

    @property
    def restart_needed(self) -> bool:
        """Whether what we started has other settings than it would have now."""
        return self._started is not None and self._started != self.settings

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
        """Start it, unless one is already there."""
        there = self.running
        if self._started is None or not there:
            self._started = self.settings  # of one that is there, as far as we can know
        if there:
            return
        folder = self.data / "station"
        folder.mkdir(parents=True, exist_ok=True)
        command = python_module("teachloop.app.processes.station", "--data", str(self.data))
        command += ["--station", str(self._file)] if self._file else []
        command += ["--source", self._preset] if self._preset else []
        self._child = Child.start(command, folder / "log.txt", OUTLIVES_PARENT)

    def stop(self) -> None:
        """End the child that we started; one that we attached to stays."""
        if self._child is not None:
            self._child.stop(GRACE_S)

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
