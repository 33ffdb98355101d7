"""A child process of the station, and the questions that it has not answered yet."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import zmq

from .channel import Channel
from .worker_process import WorkerProcess

Message = dict[str, Any]
Then = Callable[[Message], None]


class WorkerClient:
    """Tells, asks and listens; an answer goes to whoever asked, also when the child dies."""

    def __init__(
        self, child: WorkerProcess, context: "zmq.Context[Any]", descriptors: Sequence[int]
    ) -> None:
        self.child = child
        self._context, self._descriptors = context, descriptors
        self._channel: Channel | None = None
        self._waiting: dict[int, Then] = {}
        self._asked = 0

    def start(self) -> None:
        """Start the process, or start it again."""
        self.stop()
        self._channel = self.child.start(self._context, self._descriptors)

    def stop(self) -> None:
        """End the process in good order."""
        self.child.stop()
        self.fail("The process was ended.")
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    @property
    def socket(self) -> "zmq.Socket[bytes] | None":
        """To be polled; None while there is no process."""
        return self._channel.socket if self._channel else None

    def gone(self) -> str | None:
        """Why the process is gone, in words; None while it runs."""
        return self.child.gone()

    def tell(self, do: str, **fields: Any) -> None:
        """Send, and expect no answer."""
        if self._channel is not None:
            self._channel.send({"do": do, **fields})

    def ask(self, do: str, then: Then, **fields: Any) -> None:
        """Send; ``then`` gets the answer, which has an ``error`` where it did not work."""
        self._asked += 1
        self._waiting[self._asked] = then
        self.tell(do, ref=self._asked, **fields)

    def receive(self) -> Iterator[Message]:
        """What it said; answers also go to whoever asked."""
        for message in self._channel.receive() if self._channel else ():
            then = self._waiting.pop(message.get("ref") or 0, None)
            if then is not None:
                then(message)
            yield message

    def fail(self, reason: str) -> None:
        """Nobody will answer any more."""
        waiting, self._waiting = self._waiting, {}
        for then in waiting.values():
            then({"error": reason})
