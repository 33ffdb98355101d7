"""The parent's end of a line to a child process, for a process that lives on an event loop."""

from typing import Generic, TypeVar

import zmq
import zmq.asyncio
from pydantic import BaseModel, TypeAdapter

from .channel import QUEUE, opened
from .messages import Envelope
from .serialization import pack_plain

Heard = TypeVar("Heard")


class AsyncChannel(Generic[Heard]):
    """Sends what ``Channel`` receives, and the other way round."""

    def __init__(
        self, context: zmq.asyncio.Context, address: str, heard: TypeAdapter[Heard]
    ) -> None:
        self._socket = context.socket(zmq.DEALER)
        self._socket.linger, self._socket.sndhwm, self._socket.rcvhwm = 0, QUEUE, QUEUE
        self._socket.connect(address)
        self._heard = heard

    async def send(self, message: BaseModel, ref: int | None = None) -> None:
        """Send; waits where the other end has stopped reading."""
        await self._socket.send(pack_plain([ref, message.model_dump()]))

    async def receive(self) -> Envelope[Heard]:
        """The next message; one of another version of this program is passed over."""
        while True:
            envelope = opened(await self._socket.recv(), self._heard)
            if envelope is not None:
                return envelope

    def close(self) -> None:
        self._socket.close(linger=0)
