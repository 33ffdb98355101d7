"""A Franka's Desk as the station has it: what is asked of it, and what its buttons do."""

import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

import zmq

from ...runtime.errors import TeachloopError
from ...runtime.ipc.messages import Failed
from ...runtime.ipc.worker_client import WorkerClient
from .desk_account import PASSWORD, USER
from .desk_messages import (
    DeskDone,
    DeskNews,
    DeskRequest,
    Listening,
    ParkRobot,
    PilotButton,
    PrepareRobot,
    Pressed,
)
from .settings import DeviceSettings

DeskWorkerLine: TypeAlias = WorkerClient[DeskRequest, DeskNews]
Answered: TypeAlias = Callable[[DeskDone | Failed], None]

FRANKAS = ("auto", "franky", "panda")  # drivers of robots that have a Desk
ADDRESS = "172.16.0.2"  # of a Franka where nobody says another
PATIENCE_NS = 90_000_000_000  # opening brakes takes a quarter of a minute
REVIVE_NS = 5_000_000_000


class NoDesk(TeachloopError):
    """There is no Desk that could be asked."""

    def __init__(self) -> None:
        super().__init__(
            f"No Desk can be asked: the station's robot has none, or {USER} and {PASSWORD} are "
            "not set where the station was started."
        )


def desk_place(robot: DeviceSettings) -> str | None:
    """Where the Desk of a robot is, host or host:port; None where it has none."""
    if robot.driver not in FRANKAS:
        return None
    return str(robot.settings.get("desk") or robot.settings.get("address") or ADDRESS)


class DeskLine:
    """The process that knows Desk, at most one question at a time."""

    def __init__(self, line: DeskWorkerLine, buttons: Mapping[PilotButton, str]) -> None:
        self._line, self._buttons = line, buttons
        self._asked_ns: int | None = None
        self._started_ns = 0
        self._deaf = ""  # why buttons are not heard, as it was told last

    def start(self) -> None:
        self._started_ns = time.monotonic_ns()
        self._line.start()

    def stop(self) -> None:
        self._line.stop()

    @property
    def busy(self) -> bool:
        """Whether Desk is asked for something."""
        return self._asked_ns is not None

    def ask(self, question: PrepareRobot | ParkRobot, then: Answered) -> None:
        """Answered once Desk has done it, or has not. Raises TeachloopError while it is asked."""
        if self.busy:
            raise TeachloopError("Desk is being asked. Wait until it has answered.")
        self._asked_ns = time.monotonic_ns()

        def answered(answer: DeskDone | Failed) -> None:
            self._asked_ns = None
            then(answer)

        self._line.ask(question, answered)

    def wake(
        self, pressed: Callable[[str], None], told: Callable[[str], None]
    ) -> "dict[zmq.Socket[bytes], Callable[[], None]]":
        """Its socket, and what is to be done when it has something to say: a key is pressed, or
        something has to be told."""
        if self._line.socket is None:
            return {}
        return {self._line.socket: lambda: self._hear(pressed, told)}

    def _hear(self, pressed: Callable[[str], None], told: Callable[[str], None]) -> None:
        for news in self._line.receive():
            if isinstance(news, Pressed) and news.button in self._buttons:
                pressed(self._buttons[news.button])
            elif isinstance(news, Listening) and news.text and news.text != self._deaf:
                self._deaf = news.text
                told(news.text)

    def watch(self, now_ns: int) -> None:
        """Start the process again where it is gone, or does not answer."""
        reason = self._line.gone()
        if self._asked_ns is not None and now_ns - self._asked_ns > PATIENCE_NS:
            reason = f"Desk did not answer within {PATIENCE_NS / 1e9:g} s. Look at its own page."
        if reason is None:
            return
        self._line.fail(reason)
        if now_ns - self._started_ns > REVIVE_NS:
            self.start()
