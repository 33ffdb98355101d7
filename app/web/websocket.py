"""One WebSocket a window carries everything live: pictures, state, keys, clicks, jobs.

From the window
    two bytes (1, camera index)      one credit: send me one more frame of this camera
    JSON {"type": …}                 beat | control | leave | twist | command | click | …
To the window
    (1, camera, 0, 0, number u32, wall clock ms f64) + JPEG
    (2, …) a mask: see ``label_socket``
    JSON {"type": hello | state | link | jobs | event | reply | rollout | label, …}
A window that gives no credits gets no frames; frames nobody asked for in time are skipped.
"""

import asyncio
import json
import logging
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from ...recorder.station.published import Preview
from ...runtime.errors import TeachloopError
from .errors import UnknownMessage

if TYPE_CHECKING:
    from .state import AppState

logger = logging.getLogger(__name__)
FRAME = struct.Struct("<BBHId")
MAX_CREDITS = 2
MAX_WAITING = 500
NOT_UNDERSTOOD = (LookupError, TypeError, ValueError, AttributeError, OverflowError)
Handler = Callable[["WebSocketSession", dict[str, Any]], Awaitable[dict[str, Any] | None]]


class BadMessage(TeachloopError):
    """A text that is no message."""

    def __init__(self, text: str) -> None:
        shown = text if len(text) <= 60 else text[:57] + "…"
        super().__init__(f"A message is a JSON map with a 'type', its id a number: not {shown!r}.")


class WebSocketSession:
    """One browser tab."""

    def __init__(self, socket: WebSocket, app_state: "AppState", name: str) -> None:
        self.socket = socket
        self.app_state = app_state
        self.name = name
        self.credits: dict[int, int] = {}
        self._sent: dict[str, int] = {}
        self._waiting: deque[str | bytes] = deque(maxlen=MAX_WAITING)
        self._state_is_new = False
        self._wake = asyncio.Event()

    def send(self, kind: str, /, **content: Any) -> None:
        """Queue a message; the sender coroutine is the only one that writes to the socket."""
        self._waiting.append(json.dumps({"type": kind, **content}))
        self._wake.set()

    def send_bytes(self, payload: bytes) -> None:
        self._waiting.append(payload)
        self._wake.set()

    def heard(self, topic: str) -> None:
        """The station said something."""
        if topic == "state":
            self._state_is_new = True
        elif topic == "event":
            event = self.app_state.link.event
            self.send("event", **(event.model_dump(mode="json") if event else {}))
        elif topic == "link":
            self.send("link", **self.app_state.link_summary())
        self._wake.set()

    async def run(self) -> None:
        """Serve the window until it closes, from either end."""
        halves = [asyncio.create_task(half) for half in (self._send(), self._listen())]
        try:
            await asyncio.wait(halves, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for half in halves:
                half.cancel()
            await asyncio.wait(halves)
        for half in halves:
            error = None if half.cancelled() else half.exception()
            if error is not None and not isinstance(error, WebSocketDisconnect):
                logger.error("The socket of %s failed.", self.name, exc_info=error)

    async def _listen(self) -> None:
        while True:
            await self._receive(await self.socket.receive())

    async def _receive(self, message: Message) -> None:
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        raw = message.get("bytes")
        if raw is None:
            await self._dispatch(message.get("text") or "")
        elif len(raw) == 2 and raw[0] == 1:
            self.credits[raw[1]] = min(MAX_CREDITS, self.credits.get(raw[1], 0) + 1)
            self.app_state.link.watch()
            self._wake.set()

    async def _dispatch(self, text: str) -> None:
        try:
            message = _parsed(text)
            handler = self._handler(message)
        except (BadMessage, UnknownMessage) as error:
            self.send("reply", id=None, ok=False, error=str(error))
            return
        if message.get("id") is None:
            await self._answer(handler, message)
        else:
            self.app_state.spawn(self._answer(handler, message))

    def _handler(self, message: dict[str, Any]) -> Handler:
        kind = message.get("type")
        handler = self.app_state.handlers.get(kind) if isinstance(kind, str) else None
        if handler is None:
            raise UnknownMessage(kind, sorted(self.app_state.handlers))
        return handler

    async def _answer(self, handler: Handler, message: dict[str, Any]) -> None:
        """Do it; who gave the message no id hears of a failure only."""
        number = message.get("id")
        try:
            result = await handler(self, message)
            if number is not None:
                self.send("reply", id=number, ok=True, result=result or {})
        except Exception as error:
            self.send("reply", id=number, ok=False, error=_in_words(message["type"], error))

    async def _send(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self._write(self._waiting.popleft())
            if self._state_is_new:
                self._state_is_new = False
                await self._write(json.dumps({"type": "state", **self.app_state.state()}))
            for index, camera in enumerate(self.app_state.cameras):
                await self._send_frame(index, camera)

    async def _send_frame(self, index: int, camera: str) -> None:
        preview = self.app_state.link.previews.get(camera)
        if preview is None or not self.credits.get(index):
            return
        if self._sent.get(camera) == preview.number:
            return
        self._sent[camera] = preview.number
        self.credits[index] -= 1
        await self._write(framed(index, preview))

    async def _write(self, payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            await self.socket.send_bytes(payload)
        else:
            await self.socket.send_text(payload)


def _parsed(text: str) -> dict[str, Any]:
    """The message. Raises BadMessage."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage(text) from None
    if not isinstance(message, dict) or not isinstance(message.get("id"), int | str | None):
        raise BadMessage(text)
    return message


def _in_words(kind: str, error: Exception) -> str:
    if isinstance(error, TeachloopError):
        return str(error)
    if isinstance(error, NOT_UNDERSTOOD):
        logger.info("Not understood: %s.", kind, exc_info=error)
        return f"Not understood: {error!r}."
    logger.error("The message %r failed.", kind, exc_info=error)
    return f"The server failed to do {kind!r}: {error!r}. Its log says more."


def framed(index: int, preview: Preview) -> bytes:
    """A frame as it goes over the socket."""
    head = FRAME.pack(1, index, 0, preview.number & 0xFFFFFFFF, preview.wall_ms)
    return head + preview.jpeg
