"""A Franka Hand as its arm's driver sees it: a process that is told the newest target."""

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

    opening_m = HAND_OPENING_M

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
        """How far it is open, by its newest state. Raises DeviceSilent before one."""
        if self._state is None or self._state.width_m is None:
            raise DeviceSilent("The hand has sent no state yet.")
        return self._state.width_m

    def acknowledge(self) -> None:
        """Start over where it ended. Raises DeviceSilent where there is no hand."""
        if self.error:
            self.__exit__()
            self.__enter__()

    def move(self, opened: float) -> None:
        """From now on 1 = open … 0 = closed; what it does for an older target it gives up.
        Raises RobotError."""
        if self.error:
            raise RobotError(self.error)
        width_m = opened * self.opening_m
        if self._told is None or abs(width_m - self._told) >= NOTHING_M:
            self._told = width_m
            self._process.say(Fingers(width_m=width_m).model_dump_json())

    def _listen(self) -> None:
        while line := self._process.hear():
            self._hear(HandState.model_validate_json(line))
        how = self._process.how_it_ended or "ended"
        self._hear(HandState(error=self.error or f"The hand's process {how}."))

    def _hear(self, state: HandState) -> None:
        """Where it ended, its fingers are where they were."""
        before = self._state.width_m if self._state else None
        width_m = before if state.width_m is None else state.width_m
        self._state = state.model_copy(update={"width_m": width_m})
        self._heard.set()
