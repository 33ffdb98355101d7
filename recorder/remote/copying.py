"""The thread that looks for takes on the robot's machine, as long as the line stands."""

import time
from collections.abc import Sequence
from pathlib import Path

from ...runtime.disk_errors import in_words
from ...runtime.errors import TeachloopError
from ..station.endpoint import StationAway
from .address import StationAddress
from .gate_client import GateClient
from .take_copier import WARNING, Say, TakeCopier

LOOK_S = 2.0
AFTER_TROUBLE_S = 20.0


class Copying:
    """Looks again and again, and says once why it cannot."""

    def __init__(self, data: Path, address: StationAddress, keys: Path, say: Say) -> None:
        self._data, self._address, self._keys, self._say = data, address, keys, say
        self._trouble = ""

    def run(self, stopping: Sequence[int]) -> None:
        """Until there is something in ``stopping``."""
        while not stopping:
            try:
                self._look_on(stopping)
            except StationAway:
                time.sleep(LOOK_S)  # the line says so
            except (TeachloopError, OSError) as error:
                self._complain(in_words(error, "Takes cannot be copied"))
                time.sleep(AFTER_TROUBLE_S)

    def _look_on(self, stopping: Sequence[int]) -> None:
        with GateClient(self._address, self._keys) as gate:
            host = self._address.host
            copier = TakeCopier(self._data, gate, self._say, host)
            while not stopping:
                copier.look()
                self._trouble = ""
                time.sleep(LOOK_S)

    def _complain(self, text: str) -> None:
        if text != self._trouble:
            self._say(WARNING, f"Takes do not come over: {text}")
        self._trouble = text
