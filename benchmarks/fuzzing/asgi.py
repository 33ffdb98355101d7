"""Asks an application as a server would, without one: any bytes as path, headers and body."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Scope

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]
HOST = (b"host", b"127.0.0.1:7860")
ANSWER_S = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[bytes, bytes]
    body: bytes


def scope_of(kind: str, method: str, target: bytes, headers: Headers = ()) -> Scope:
    """As uvicorn makes it of the bytes of a request."""
    raw, _, query = target.partition(b"?")
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http" if kind == "http" else "ws",
        "path": unquote_to_bytes(raw)
        .decode("utf-8", "surrogateescape")
        .encode("utf-8", "replace")
        .decode(),
        "raw_path": raw,
        "query_string": query,
        "root_path": "",
        "headers": [HOST, *headers],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 7860),
        "extensions": {},
        "state": {},
    }


async def ask(app: ASGIApp, scope: Scope, body: bytes) -> Answer:
    """The answer to one request; what is raised behind a 500 is raised here."""
    sent: list[Message] = []
    given = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await asyncio.wait_for(app(scope, receive, send), ANSWER_S)
    start = next(each for each in sent if each["type"] == "http.response.start")
    content = b"".join(
        each.get("body", b"") for each in sent if each["type"] == "http.response.body"
    )
    return Answer(start["status"], dict(start["headers"]), content)


class Socket:
    """One WebSocket, from the browser's end."""

    def __init__(self, app: ASGIApp, path: bytes = b"/live") -> None:
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._to_app.put_nowait({"type": "websocket.connect"})
        scope = scope_of("websocket", "GET", path)
        self._task = asyncio.ensure_future(app(scope, self._to_app.get, self._from_app.put))

    @property
    def ended(self) -> bool:
        return self._task.done()

    async def say(self, content: str | bytes) -> None:
        field = "text" if isinstance(content, str) else "bytes"
        await self._to_app.put({"type": "websocket.receive", field: content})

    async def hear(self) -> Message:
        """The next message. Raises what ended the application's side."""
        heard = asyncio.ensure_future(self._from_app.get())
        await asyncio.wait(
            {heard, self._task}, return_when=asyncio.FIRST_COMPLETED, timeout=ANSWER_S
        )
        if heard.done():
            return heard.result()
        heard.cancel()
        if self._task.done():
            self._task.result()
            raise ConnectionResetError("the application hung up without a word")
        raise TimeoutError("the socket stayed silent")

    async def close(self) -> None:
        await self._to_app.put({"type": "websocket.disconnect", "code": 1000})
        with suppress(asyncio.TimeoutError, TimeoutError):
            await asyncio.wait_for(self._task, ANSWER_S)
