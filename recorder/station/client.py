"""Talks to a running station: commands with answers, and what it publishes."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgpack
import zmq
import zmq.asyncio

from ...runtime.errors import TeachloopError
from ...runtime.ipc.serialization import pack_plain as pack
from .messages import ENVELOPE

ALL_TOPICS = ("state", "preview/", "observation", "event")
REPLY_TIMEOUT_S = 15.0


class StationError(TeachloopError):
    """The station refused a command; the text is the station's own."""


class StationAway(StationError):
    """Nobody answers at the station's address."""


def endpoint_file(data: Path) -> Path:
    """Where the station of a data folder writes its addresses."""
    return Path(data) / "station" / "endpoint.json"


def read_endpoint(data: Path) -> dict[str, Any]:
    """{"command", "publish", "preview", "pid"}; raises StationAway when there is none."""
    try:
        return json.loads(endpoint_file(data).read_text("utf-8"))
    except (OSError, ValueError):
        raise StationAway(
            f"No station runs for {data}. Start one: teachloop serve --data {data}"
        ) from None


def _request(number: int, name: str, lease: str | None, fields: dict[str, Any]) -> bytes:
    """Raises StationError where a field would replace the envelope, or cannot be sent."""
    if not ENVELOPE.isdisjoint(fields):
        raise StationError(f"A command has no fields {', '.join(sorted(ENVELOPE))} of its own.")
    try:
        return pack({**fields, "id": number, "command": name, "lease": lease})
    except (ValueError, TypeError, OverflowError) as error:
        raise StationError(f"The fields of {name} cannot be sent: {error}.") from None


def _answer(reply: dict[str, Any]) -> dict[str, Any]:
    if not reply.get("ok"):
        raise StationError(reply.get("error", "The station gave no reason."))
    return {key: value for key, value in reply.items() if key not in ("id", "ok")}


def _published(parts: Sequence[bytes]) -> tuple[str, dict[str, Any]]:
    message = msgpack.unpackb(parts[1])
    if len(parts) > 2:
        message["jpeg"] = parts[2]
    return parts[0].decode(), message


def _dealer(context: zmq.Context, endpoint: dict[str, Any]) -> Any:
    socket = context.socket(zmq.DEALER)
    socket.linger = 0
    socket.connect(endpoint["command"])
    return socket


def _subscriber(context: zmq.Context, endpoint: dict[str, Any], topics: Sequence[str]) -> Any:
    socket = context.socket(zmq.SUB)
    socket.linger, socket.rcvhwm = 0, 100
    for address in ("publish", "preview"):
        socket.connect(endpoint[address])
    for topic in topics:
        socket.subscribe(topic.encode())
    return socket


class StationClient:
    """A blocking client for one thread. Remembers the lease that ``acquire`` gave it."""

    def __init__(self, endpoint: dict[str, Any]) -> None:
        self._endpoint = endpoint
        self._context = zmq.Context()
        self._socket = _dealer(self._context, endpoint)
        self._numbers = itertools.count(1)
        self.lease: str | None = None

    @classmethod
    def of(cls, data: Path) -> "StationClient":
        """The client of the station that serves this data folder."""
        return cls(read_endpoint(data))

    def command(
        self, name: str, /, *, reply_timeout_s: float = REPLY_TIMEOUT_S, **fields: Any
    ) -> dict[str, Any]:
        """Send a command, wait for its answer. Raises StationError in the station's words."""
        number = next(self._numbers)
        self._socket.send(_request(number, name, self.lease, fields))
        answer = _answer(self._reply(name, number, reply_timeout_s))
        self.lease = _lease_after(name, answer, self.lease)
        return answer

    def _reply(self, name: str, number: int, timeout_s: float) -> dict[str, Any]:
        while self._socket.poll(timeout_s * 1000):
            reply = msgpack.unpackb(self._socket.recv())
            if reply.get("id") == number:
                return reply
        raise StationAway(f"The station did not answer {name!r} within {timeout_s:g} s.")

    def subscribe(
        self, *topics: str, timeout_s: float | None = None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """(topic, message) as published; ends after ``timeout_s`` of silence, if given."""
        socket = _subscriber(self._context, self._endpoint, topics or ALL_TOPICS)
        try:
            while timeout_s is None or socket.poll(timeout_s * 1000):
                yield _published(socket.recv_multipart())
        finally:
            socket.close()

    def close(self) -> None:
        self._context.destroy(linger=0)

    def __enter__(self) -> "StationClient":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class AsyncStationClient:
    """The same for asyncio; commands may overlap. Use as an async context manager.

    Its fields may come from a page, so how long it waits is no argument beside them.
    """

    def __init__(self, endpoint: dict[str, Any]) -> None:
        self._endpoint = endpoint
        self._context = zmq.asyncio.Context()
        self._socket = _dealer(self._context, endpoint)
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._receiver: asyncio.Task[None] | None = None
        self.lease: str | None = None

    @classmethod
    def of(cls, data: Path) -> "AsyncStationClient":
        """The client of the station that serves this data folder."""
        return cls(read_endpoint(data))

    async def command(self, name: str, /, **fields: Any) -> dict[str, Any]:
        """Send a command, wait for its answer. Raises StationError in the station's words."""
        self._receiver = self._receiver or asyncio.create_task(self._receive())
        number = next(self._numbers)
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send(_request(number, name, self.lease, fields))
            answer = _answer(await asyncio.wait_for(waiting, REPLY_TIMEOUT_S))
        except (TimeoutError, asyncio.TimeoutError):
            raise StationAway(
                f"The station did not answer {name!r} within {REPLY_TIMEOUT_S:g} s."
            ) from None
        finally:
            self._waiting.pop(number, None)
        self.lease = _lease_after(name, answer, self.lease)
        return answer

    async def _receive(self) -> None:
        while True:
            reply = msgpack.unpackb(await self._socket.recv())
            waiting = self._waiting.get(reply.get("id"))
            if waiting is not None and not waiting.done():
                waiting.set_result(reply)

    async def subscribe(self, *topics: str) -> AsyncGenerator[tuple[str, dict[str, Any]], None]:
        """(topic, message) as published, for ever."""
        socket = _subscriber(self._context, self._endpoint, topics or ALL_TOPICS)
        try:
            while True:
                yield _published(await socket.recv_multipart())
        finally:
            socket.close()

    def close(self) -> None:
        if self._receiver is not None:
            self._receiver.cancel()
        self._context.destroy(linger=0)

    async def __aenter__(self) -> "AsyncStationClient":
        return self

    async def __aexit__(self, *error: object) -> None:
        self.close()


def _lease_after(name: str, answer: dict[str, Any], lease: str | None) -> str | None:
    if name == "acquire":
        return answer["lease"]
    return None if name == "release" else lease
