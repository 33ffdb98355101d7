"""A Franka Hand as its driver sees it: a process that is told the newest target."""

import tempfile
import threading
from pathlib import Path

from ....geometry.panda import HAND_OPENING_M
from ....runtime.processes.child import ENDS_WITH_PARENT, Child, python_module
from ...devices.interfaces import DeviceSilent, RobotError
from .hand_process import NOTHING_M, Fingers, HandSettings, HandState

FIRST_S = 10.0
GRACE_S = 1.0


class FrankaHand:
    """Never waits for the fingers. Use as a context manager."""

    def __init__(self, settings: HandSettings) -> None:
        self._settings = settings
        self._state: HandState | None = None
        self._heard = threading.Event()
        self._told: float | None = None

    def __enter__(self) -> "FrankaHand":
        """Raises DeviceSilent where there is no hand."""
        self._state, self._told = None, None
        self._heard.clear()
        module = f"{__package__}.hand_process"
        with tempfile.NamedTemporaryFile(prefix="teachloop-hand-", suffix=".txt") as log:
            command = python_module(module, self._settings.model_dump_json())
            self._process = Child.start(command, Path(log.name), ENDS_WITH_PARENT, heard=True)
        threading.Thread(target=self._listen, daemon=True).start()
        if not self._heard.wait(FIRST_S) or self.error:
            error = self.error or f"The hand said nothing within {FIRST_S:g} s."
            self.__exit__()
            raise DeviceSilent(error)
        return self

    def __exit__(self, *error: object) -> None:
        self._process.stop(GRACE_S)

    @property
    def error(self) -> str:
        """Why the hand cannot be used; empty while it can."""
        return self._state.error if self._state else ""

    @property
    def width_m(self) -> float:
        """How far it is open, by its newest state."""
        return self._state.width_m if self._state else 0.0

    def move(self, gripper: float) -> None:
        """From now on 1 = open … 0 = closed; what it does for an older target it gives up.
        Raises RobotError."""
        if self.error:
            raise RobotError(self.error)
        width_m = gripper * HAND_OPENING_M
        if self._told is None or abs(width_m - self._told) >= NOTHING_M:
            self._told = width_m
            self._process.say(Fingers(width_m=width_m).model_dump_json())

    def _listen(self) -> None:
        while line := self._process.hear():
            self._state = HandState.model_validate_json(line)
            self._heard.set()
        how = self._process.how_it_ended or "ended"
        error = self.error or f"The hand's process {how}."
        self._state = HandState(width_m=self.width_m, error=error)
        self._heard.set()
