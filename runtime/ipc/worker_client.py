"""A child process, and the questions that it has not answered yet."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

import zmq
from pydantic import BaseModel, TypeAdapter

from .channel import Channel
from .messages import Failed, Question
from .worker_process import WorkerProcess

Answer = TypeVar("Answer")
Sent = TypeVar("Sent", bound=BaseModel)
Heard = TypeVar("Heard")


class WorkerClient(Generic[Sent, Heard]):
    """Tells, asks and listens; an answer goes to whoever asked, also when the child dies."""

    def __init__(
        self,
        child: WorkerProcess,
        context: zmq.Context,
        descriptors: Sequence[int],
        heard: TypeAdapter[Heard],
    ) -> None:
        self.child = child
        self._context, self._descriptors, self._heard = context, descriptors, heard
        self._channel: Channel[Heard] | None = None
        self._waiting: dict[int, Callable[..., None]] = {}
        self._asked = 0

    def start(self) -> None:
        """Start the process, or start it again."""
        self.stop()
        address = self.child.start(self._descriptors)
        self._channel = Channel.connect(self._context, address, self._heard)

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

    def tell(self, message: Sent) -> None:
        """Send, and expect no answer."""
        if self._channel is not None:
            self._channel.send(message)

    def ask(self, question: Question[Answer], then: Callable[[Answer | Failed], None]) -> None:
        """Send; ``then`` gets the answer, or Failed where it did not work."""
        self._asked += 1
        self._waiting[self._asked] = then
        if self._channel is not None:
            self._channel.send(question, self._asked)

    def receive(self) -> Iterator[Heard]:
        """What it said; answers also go to whoever asked."""
        for envelope in self._channel.receive() if self._channel else ():
            then = self._waiting.pop(envelope.ref or 0, None)
            if then is not None:
                then(envelope.message)
            yield envelope.message

    def fail(self, reason: str) -> None:
        """Nobody will answer any more."""
        waiting, self._waiting = self._waiting, {}
        for then in waiting.values():
            then(Failed(error=reason))
