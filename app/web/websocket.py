"""One WebSocket a window carries everything live: pictures, state, keys, clicks, jobs.

From the window
    two bytes (1, camera index)      one credit: send me one more frame of this camera
    JSON {"type": …}                 see ``schemas.from_window``
To the window
    (1, camera, 0, 0, number u32, wall clock ms f64) + JPEG
    JSON {"type": …}                 see ``schemas.to_window``
A window that gives no credits gets no frames; frames nobody asked for in time are skipped.
"""

import asyncio
import logging
import struct
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from typing import Literal, Protocol

from pydantic import BaseModel, JsonValue
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from ...recorder.station.commands import Nothing
from ...recorder.station.published import Preview
from ...runtime.disk_errors import in_words
from ...runtime.errors import TeachloopError
from ...runtime.json_file import parse_json
from ...runtime.validation import Invalid, validated
from .handlers.table import WindowHandlers
from .labeler_proxy import ChangedMeanwhile, LabelerAway
from .roles import NotAllowed, require, role_in
from .schemas.from_window import FROM_WINDOW, FromWindow, Id
from .schemas.to_window import Answer, State

logger = logging.getLogger(__name__)
FRAME = struct.Struct("<BBHId")
MAX_CREDITS = 2
MAX_WAITING = 500


class BadMessage(TeachloopError):
    """A text that is no message."""

    def __init__(self, text: str) -> None:
        shown = text if len(text) <= 60 else text[:57] + "…"
        super().__init__(f"A message is a JSON map with a 'type': not {shown!r}.")


class WindowHost(Protocol):
    """What all windows share."""

    handlers: WindowHandlers

    @property
    def cameras(self) -> Sequence[str]:
        """Names by the number that their frames carry."""
        ...

    @property
    def previews(self) -> Mapping[str, Preview]: ...

    def watch(self) -> None:
        """A window waits for a picture."""
        ...

    def state(self) -> State | None: ...

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]: ...


class WebSocketSession:
    """One browser tab."""

    def __init__(self, socket: WebSocket, host: WindowHost, name: str) -> None:
        self.role = role_in(socket.scope)
        self.socket = socket
        self.host = host
        self.name = name
        self.credits: dict[int, int] = {}
        self._sent: dict[str, int] = {}
        self._waiting: deque[str] = deque(maxlen=MAX_WAITING)
        self._state_is_new = False
        self._wake = asyncio.Event()

    def send(self, message: BaseModel) -> None:
        """Queue a message; the sender coroutine is the only one that writes to the socket."""
        self._waiting.append(message.model_dump_json())
        self._wake.set()

    def wake(self, *, state: bool) -> None:
        """The station said something: a picture, or a new ``state``."""
        self._state_is_new |= state
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
            self.host.watch()
            self._wake.set()

    async def _dispatch(self, text: str) -> None:
        number: Id = None
        try:
            content = _parsed(text)
            number = _id_of(content)
            message = validated(FROM_WINDOW, content)
            require(message.needs, self.role)
        except (BadMessage, Invalid, NotAllowed) as error:
            self.send(Answer(id=number, ok=False, error=str(error)))
            return
        if message.id is None:
            await self._answer(message)
        else:
            self.host.spawn(self._answer(message))

    async def _answer(self, message: FromWindow) -> None:
        """Do it; who gave the message no id hears of a failure only."""
        try:
            result = await self.host.handlers(message, self.name)
            if message.id is not None:
                self.send(Answer(id=message.id, ok=True, result=result or Nothing()))
        except Exception as error:
            words = _in_words(message.type, error)
            self.send(Answer(id=message.id, ok=False, error=words, reason=_reason(error)))

    async def _send(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self._write(self._waiting.popleft())
            if self._state_is_new:
                self._state_is_new = False
                await self._write_state()
            for index, camera in enumerate(self.host.cameras):
                await self._send_frame(index, camera)

    async def _write_state(self) -> None:
        state = self.host.state()
        if state is not None:
            await self._write(state.model_dump_json())

    async def _send_frame(self, index: int, camera: str) -> None:
        preview = self.host.previews.get(camera)
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


def _parsed(text: str) -> JsonValue:
    """What the text says. Raises BadMessage."""
    try:
        return parse_json(text)
    except (ValueError, RecursionError):
        raise BadMessage(text) from None


def _id_of(content: JsonValue) -> Id:
    number = content.get("id") if isinstance(content, dict) else None
    return number if isinstance(number, int | str) else None


def _in_words(kind: str, error: Exception) -> str:
    if not isinstance(error, TeachloopError):
        logger.error("The message %r failed.", kind, exc_info=error)
    return in_words(error, f"The server failed to do {kind!r}")


def _reason(error: Exception) -> Literal["", "stale", "away"]:
    if isinstance(error, ChangedMeanwhile):
        return "stale"
    return "away" if isinstance(error, LabelerAway) else ""


def framed(index: int, preview: Preview) -> bytes:
    """A frame as it goes over the socket."""
    head = FRAME.pack(1, index, 0, preview.number & 0xFFFFFFFF, preview.wall_ms)
    return head + preview.jpeg
