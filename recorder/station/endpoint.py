"""Where the station of a data folder is reached."""

import hashlib
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from ...runtime.errors import TeachloopError
from ...runtime.regular_file import read_bytes
from ...runtime.validation import StrictModel
from ..devices.settings import StationSettings


class StationError(TeachloopError):
    """The station refused a command; the text is the station's own."""


class StationAway(StationError):
    """Nobody answers at the station's address."""


class Endpoint(StrictModel):
    """The addresses of a station, and its process."""

    command: str  # of its ROUTER
    publish: str  # of its PUB: state, event, observation
    preview: str  # of its device process's PUB
    pid: Annotated[int, Field(gt=0, lt=1 << 31)]
    settings: str = ""
    """Tells its settings from others; empty of a station of an earlier version."""

    @classmethod
    def in_folder(cls, folder: Path, pid: int, settings: str = "") -> "Endpoint":
        """Local sockets in a folder."""
        return cls(
            command=f"ipc://{folder}/command",
            publish=f"ipc://{folder}/publish",
            preview=f"ipc://{folder}/preview",
            pid=pid,
            settings=settings,
        )

    @property
    def folder(self) -> Path:
        """Where its sockets are: for this user only, and gone with the station."""
        return Path(self.command.removeprefix("ipc://")).parent


def fingerprint(settings: StationSettings) -> str:
    """Tells settings from others."""
    return hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:16]


def endpoint_file(data: Path) -> Path:
    """Where the station of a data folder writes its addresses."""
    return Path(data) / "station" / "endpoint.json"


def read_endpoint(data: Path) -> Endpoint:
    """The addresses of the folder's station; raises StationAway when there is none."""
    try:
        return Endpoint.model_validate_json(read_bytes(endpoint_file(data)))
    except (OSError, ValidationError):
        raise StationAway(
            f"No station runs for {data}. Start one: teachloop serve --data {data}"
        ) from None
