"""The station's sockets: takes commands, gives answers, publishes, and keeps an eye on time."""

import logging
import time
from collections.abc import Callable
from typing import TypeAlias

import zmq
from pydantic import BaseModel

from ...runtime.disk_errors import in_words
from ...runtime.errors import TeachloopError
from ...runtime.ipc.messages import Failed
from ...runtime.ipc.serialization import NotPacked, pack, unpack_plain
from .command_table import BadCommand
from .messages import AnswerMessage

logger = logging.getLogger(__name__)

QUEUE = 200  # messages for one who listens slowly; more are dropped for him alone
BIG_MESSAGE = 4_000_000
LATE_ROUNDS = 20  # messages that may still be answered when a tick is due

Answer: TypeAlias = Callable[[BaseModel], None]  # a reply, or Failed
Handler: TypeAlias = Callable[[object, Answer], None]  # of a message, as it was unpacked
Wake: TypeAlias = dict["zmq.Socket[bytes]", Callable[[], None]]


class Server:
    """A ROUTER for commands and a PUB for everything that happens."""

    def __init__(self, context: zmq.Context, command: str, publish: str) -> None:
        self._router = _bound(context, zmq.ROUTER, command)
        self._publisher = _bound(context, zmq.PUB, publish)

    def serve(self, until_ns: int, handle: Handler, lines: Callable[[], Wake]) -> None:
        """Answer commands, and call what belongs to a socket that has news, until that time.

        What is already waiting is looked at also when it is late: a loop that cannot keep its
        ticks still hears a stop. ``lines`` is asked every time, since a command may close a
        socket and open another.
        """
        late = 0
        while late < LATE_ROUNDS:
            left_ms = max(0, (until_ns - time.monotonic_ns()) // 1_000_000 - 1)
            ready = self._ready(lines(), left_ms)
            for call in ready:
                call(handle)
            if left_ms == 0:
                late = late + 1 if ready else LATE_ROUNDS

    def _ready(self, wake: Wake, wait_ms: int) -> list[Callable[[Handler], None]]:
        poller = zmq.Poller()
        for socket in (self._router, *wake):
            poller.register(socket, zmq.POLLIN)
        return [
            self._answer_one if socket is self._router else _unless_closed(socket, wake[socket])
            for socket, _ in poller.poll(wait_ms)
        ]

    def _answer_one(self, handle: Handler) -> None:
        sender, *parts = self._router.recv_multipart()
        request: object = None
        try:
            request = _unpacked(parts)
            handle(request, self._answer_to(sender, _number(request)))
        except TeachloopError as error:
            self._answer_to(sender, _number(request))(Failed(error=str(error)))
        except Exception as error:  # the loop that calls this must not end by one command
            logger.exception("A command failed.")
            text = in_words(error, "The station failed")
            self._answer_to(sender, _number(request))(Failed(error=text))

    def _answer_to(self, sender: bytes, number: int | None) -> Answer:
        def answer(reply: BaseModel) -> None:
            message = _answer(number, reply)
            self._router.send_multipart([sender, pack(message)], zmq.NOBLOCK)

        return answer

    def publish(self, topic: str, message: BaseModel) -> None:
        """To everybody who subscribed."""
        self._publisher.send_multipart([topic.encode(), pack(message)], zmq.NOBLOCK)

    def close(self) -> None:
        self._router.close(linger=200)
        self._publisher.close(linger=200)


def _unless_closed(
    socket: "zmq.Socket[bytes]", call: Callable[[], None]
) -> Callable[[Handler], None]:
    return lambda _handle: None if socket.closed else call()


def _answer(number: int | None, reply: BaseModel) -> AnswerMessage:
    if isinstance(reply, Failed):
        return AnswerMessage(id=number, ok=False, error=reply.error)
    return AnswerMessage(id=number, ok=True, reply=reply.model_dump())


def _bound(context: zmq.Context, kind: int, address: str) -> "zmq.Socket[bytes]":
    socket = context.socket(kind)
    socket.sndhwm, socket.maxmsgsize = QUEUE, BIG_MESSAGE
    socket.bind(address)
    return socket


def _unpacked(parts: list[bytes]) -> object:
    try:
        (part,) = parts
        return unpack_plain(part)
    except (ValueError, NotPacked):
        raise BadCommand("A command is one msgpack map in one message part.") from None


def _number(request: object) -> int | None:
    number = request.get("id") if isinstance(request, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None
