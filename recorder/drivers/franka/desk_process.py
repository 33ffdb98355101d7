"""The process that knows Desk: does what the station asks, and says what is pressed at the hand.

Run as ``python -m teachloop.recorder.drivers.franka.desk_process CONFIG``.
"""

import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import zmq
from pydantic import BaseModel
from websockets.exceptions import WebSocketException

from ....runtime.disk_errors import in_words
from ....runtime.errors import TeachloopError
from ....runtime.ipc.channel import Channel
from ....runtime.ipc.messages import Envelope, Failed
from ....runtime.ipc.worker_process import watch_parent
from ...devices.desk_account import DeskAccount
from ...devices.desk_messages import (
    DESK_REQUESTS,
    DeskDone,
    DeskRequest,
    DeskSettings,
    Listening,
    PilotButton,
    PrepareRobot,
    Pressed,
)
from .desk import FrankaDesk

WAIT_MS = 50
AGAIN_S = 5.0  # until buttons that were lost are listened for again


class DeskWorker:
    """One request after the other, in a thread of its own: Desk may take its time."""

    def __init__(self, desk: FrankaDesk, channel: Channel[DeskRequest]) -> None:
        self._desk, self._channel = desk, channel
        self._asked: queue.SimpleQueue[Envelope[DeskRequest]] = queue.SimpleQueue()
        self._said: queue.SimpleQueue[tuple[BaseModel, int | None]] = queue.SimpleQueue()

    def run(self, gone: threading.Event, listens: bool) -> None:
        """Serve until the parent is gone."""
        self._beside(self._work)
        if listens:
            self._beside(self._listen)
        while not gone.is_set():
            for asked in self._channel.receive(WAIT_MS):
                self._asked.put(asked)
            while not self._said.empty():
                self._channel.send(*self._said.get())

    def _beside(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, daemon=True).start()

    def _work(self) -> None:
        while True:
            asked = self._asked.get()
            self._said.put((self._answer(asked.message), asked.ref))

    def _answer(self, asked: DeskRequest) -> DeskDone | Failed:
        do = self._desk.prepare if isinstance(asked, PrepareRobot) else self._desk.park
        try:
            return DeskDone(text=do())
        except TeachloopError as error:
            return Failed(error=str(error))
        except Exception as error:  # what Desk answers is not published, and may be anything
            return Failed(error=in_words(error, "Desk was not understood"))

    def _listen(self) -> None:
        while True:
            self._say(Listening())
            try:
                self._desk.listen(self._press)
            except TeachloopError as error:
                self._say(Listening(text=str(error)))
            except (OSError, WebSocketException) as error:
                self._say(Listening(text=in_words(error, "The buttons at the hand are not heard")))
            time.sleep(AGAIN_S)

    def _press(self, button: PilotButton) -> None:
        self._say(Pressed(button=button))

    def _say(self, message: BaseModel) -> None:
        self._said.put((message, None))


def main() -> None:
    """The process, from its configuration to the end of its parent."""
    settings = DeskSettings.model_validate_json(sys.argv[1])
    gone = watch_parent()
    context = zmq.Context()
    channel = Channel.listen(context, settings.address, DESK_REQUESTS)
    account = DeskAccount.taken()
    assert account is not None, "whoever starts it says who asks"
    desk = FrankaDesk(settings.place, account, Path(settings.token))
    DeskWorker(desk, channel).run(gone, settings.listens)
    context.destroy(linger=0)


if __name__ == "__main__":
    main()
