"""The station of another machine, where a server otherwise has one of its own."""

from pathlib import Path

from pydantic import ValidationError

from ...recorder.devices.settings import StationSettings
from ...recorder.remote.address import StationAddress
from ...recorder.remote.gate_client import GateClient
from ...recorder.remote.messages import About, StationFacts
from ...recorder.station.endpoint import StationAway
from ...runtime.atomic_file import write_whole
from ...runtime.errors import TeachloopError
from ...runtime.processes.child import Child
from ...runtime.regular_file import read_bytes
from ..processes.station_start import start_line
from .station_process import StationProcess

REMEMBERED = "remote.json"


class SettingsElsewhere(TeachloopError):
    def __init__(self, address: StationAddress) -> None:
        super().__init__(
            f"The station runs on another machine ({address}). Try its devices and "
            "change its settings there, in its station.yaml, and start it again there."
        )


class RemoteStation(StationProcess):
    """What runs here is the line to it, which looks like a station; see ``station_line``."""

    def __init__(self, data: Path, address: StationAddress, keys: Path) -> None:
        super().__init__(data)
        self._address, self._keys = address, keys
        self._settings: StationSettings | None = None

    @property
    def settings(self) -> StationSettings:
        """As the other machine says; as it said last where it does not answer. Raises Refused,
        WrongKey, NotKnown, BadKey, and NobodyAnswers where it never did."""
        if self._settings is None:
            self._settings = self._asked_for()
        return self._settings

    @property
    def file(self) -> Path:
        return self.data / "station" / REMEMBERED

    def save(self, settings: StationSettings) -> None:
        self.expect_changeable()

    def expect_changeable(self) -> None:
        raise SettingsElsewhere(self._address)

    @property
    def restart_needed(self) -> bool:
        return False

    @property
    def _asked(self) -> bool:
        return True

    @property
    def _fingerprint(self) -> str:
        return str(self._address)

    def _launched(self) -> Child:
        return start_line(self.data, str(self._address), self._keys)

    def _asked_for(self) -> StationSettings:
        try:
            with GateClient(self._address, self._keys) as gate:
                settings = gate.ask(About(), StationFacts).parsed
        except StationAway:
            remembered = self._remembered()
            if remembered is None:
                raise
            return remembered
        self.file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.file, settings.model_dump_json().encode())
        return settings

    def _remembered(self) -> StationSettings | None:
        try:
            return StationSettings.model_validate_json(read_bytes(self.file))
        except (OSError, ValidationError):
            return None
