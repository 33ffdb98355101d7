"""Talks to a running station: commands with answers, and what it publishes."""

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import zmq
import zmq.asyncio

from ...runtime.ipc.serialization import NotPacked, pack, unpack_plain
from ...runtime.validation import Invalid, validated
from .command_table import NAMES, kind_of
from .commands import Acquired, Command, Release
from .endpoint import Endpoint, StationAway, StationError, read_endpoint
from .messages import ANSWER, AnswerMessage, to_message
from .published import ALL_TOPICS, Published, read_published

logger = logging.getLogger(__name__)

Reply = TypeVar("Reply")
Socket = TypeVar("Socket", bound="zmq.Socket[bytes] | zmq.asyncio.Socket")


def _request(number: int, command: Command, lease: str | None) -> bytes:
    """Raises StationError where a field cannot be sent."""
    try:
        return pack(to_message(command, number, lease))
    except (ValueError, TypeError, OverflowError) as error:
        name = NAMES[type(command)]
        raise StationError(f"The fields of {name} cannot be sent: {error}.") from None


def _answer(data: bytes) -> AnswerMessage:
    """Raises StationError for what another version of the station says."""
    try:
        return validated(ANSWER, unpack_plain(data), "answer")
    except (Invalid, NotPacked) as error:
        raise StationError(f"The station's answer is not understood: {error}") from None


def _reply(command: Command[Reply], answer: AnswerMessage) -> Reply:
    """Raises StationError in the station's words, and for a reply of another version's."""
    if not answer.ok:
        raise StationError(answer.error)
    try:
        return validated(kind_of(command).reply, answer.reply, "reply")
    except Invalid as error:
        raise StationError(f"The station's answer is not understood: {error}") from None


def _understood(parts: list[bytes]) -> Iterator[Published]:
    """One message, or none: what another version publishes is passed over."""
    try:
        yield read_published(parts)
    except StationError as error:
        logger.warning("%s", error)


def _away(command: Command, timeout_s: float) -> StationAway:
    name = NAMES[type(command)]
    return StationAway(f"The station did not answer {name!r} within {timeout_s:g} s.")


def _connect(socket: Socket, endpoint: Endpoint) -> Socket:
    socket.linger = 0
    socket.connect(endpoint.command)
    return socket


def _subscribe(socket: Socket, endpoint: Endpoint, topics: Sequence[str]) -> Socket:
    socket.linger, socket.rcvhwm = 0, 100
    for address in (endpoint.publish, endpoint.preview):
        socket.connect(address)
    for topic in topics or ALL_TOPICS:
        socket.subscribe(topic.encode())
    return socket


class StationClient:
    """A blocking client for one thread. Remembers the lease that it acquired."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._context = zmq.Context()
        self._socket = _connect(self._context.socket(zmq.DEALER), endpoint)
        self._numbers = itertools.count(1)
        self.lease: str | None = None

    @classmethod
    def of(cls, data: Path) -> "StationClient":
        """The client of the station that serves this data folder."""
        return cls(read_endpoint(data))

    def send(self, command: Command[Reply], *, reply_timeout_s: float | None = None) -> Reply:
        """Send a command, wait for its reply. Raises StationError in the station's words."""
        number, patience_s = next(self._numbers), reply_timeout_s or command.patience_s
        self._socket.send(_request(number, command, self.lease))
        reply = _reply(command, self._wait(command, number, patience_s))
        self.lease = _lease_after(command, reply, self.lease)
        return reply

    def _wait(self, command: Command, number: int, timeout_s: float) -> AnswerMessage:
        while self._socket.poll(round(timeout_s * 1000)):
            answer = _answer(self._socket.recv())
            if answer.id == number:
                return answer
        raise _away(command, timeout_s)

    def subscribe(self, *topics: str, timeout_s: float | None = None) -> Iterator[Published]:
        """What is published; ends after ``timeout_s`` of silence, if given."""
        socket = _subscribe(self._context.socket(zmq.SUB), self._endpoint, topics)
        try:
            while timeout_s is None or socket.poll(round(timeout_s * 1000)):
                yield from _understood(socket.recv_multipart())
        finally:
            socket.close()

    def close(self) -> None:
        self._context.destroy(linger=0)

    def __enter__(self) -> "StationClient":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class AsyncStationClient:
    """The same for asyncio; commands may overlap. Use as an async context manager."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._context = zmq.asyncio.Context()
        self._socket = _connect(self._context.socket(zmq.DEALER), endpoint)
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[AnswerMessage]] = {}
        self._receiver: asyncio.Task[None] | None = None
        self.lease: str | None = None

    @classmethod
    def of(cls, data: Path) -> "AsyncStationClient":
        """The client of the station that serves this data folder."""
        return cls(read_endpoint(data))

    async def send(self, command: Command[Reply]) -> Reply:
        """Send a command, wait for its reply. Raises StationError in the station's words."""
        self._receiver = self._receiver or asyncio.create_task(self._receive())
        number = next(self._numbers)
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send(_request(number, command, self.lease))
            answer = await asyncio.wait_for(waiting, command.patience_s)
        except (TimeoutError, asyncio.TimeoutError):
            raise _away(command, command.patience_s) from None
        finally:
            self._waiting.pop(number, None)
        reply = _reply(command, answer)
        self.lease = _lease_after(command, reply, self.lease)
        return reply

    async def _receive(self) -> None:
        while True:
            try:
                answer = _answer(await self._socket.recv())
            except StationError as error:  # nobody knows whose it is, and the next one is heard
                self._fail(error)
                continue
            waiting = self._waiting.get(answer.id or 0)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)

    def _fail(self, error: StationError) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(error)

    async def subscribe(self, *topics: str) -> AsyncGenerator[Published, None]:
        """What is published, for ever."""
        socket = _subscribe(self._context.socket(zmq.SUB), self._endpoint, topics)
        try:
            while True:
                for message in _understood(await socket.recv_multipart()):
                    yield message
        finally:
            socket.close()

    def close(self) -> None:
        """Whoever still waits for an answer hears that none will come."""
        if self._receiver is not None:
            self._receiver.cancel()
        for waiting in tuple(self._waiting.values()):
            if not waiting.done():
                waiting.set_exception(StationAway("The station ended before it answered."))
        self._context.destroy(linger=0)

    async def __aenter__(self) -> "AsyncStationClient":
        return self

    async def __aexit__(self, *error: object) -> None:
        self.close()


def _lease_after(command: Command, reply: object, lease: str | None) -> str | None:
    if isinstance(reply, Acquired):
        return reply.lease
    return None if isinstance(command, Release) else lease
