"""A page's side of the product: what it asks over HTTP and its WebSocket, and what it is told.

It behaves as the pages do: it comes back when the server was away, beats while it drives, takes
control when nobody else has it, and gives credits for pictures.
"""

import contextlib
import itertools
import json
import queue
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import JsonValue
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from teachloop.app.web.schemas.to_window import Hello, State

Content: TypeAlias = dict[str, JsonValue]
BEAT_S = 0.25
STALE_S = 1.5  # a page shows older figures as stale
RETRY_S = (0.2, 0.4, 0.8, 1.5)
KEPT = 4000  # messages that are remembered
CREDITS = 2


class Refused(Exception):
    """What was asked was refused; the text is the product's own."""


class Lost(Exception):
    """Nobody answered: the connection broke, or the answer did not come in time."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the server, and when it came (monotonic)."""

    at_s: float
    content: Content

    @property
    def kind(self) -> str:
        return str(self.content.get("type"))


class Window:
    """One open page. Use as a context manager."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.name = ""
        self.state: State | None = None
        self.heard_s = 0.0
        self.up = False
        self.wants_control = True
        self.told: deque[Told] = deque(maxlen=KEPT)
        self.newest: dict[str, Content] = {}  # of each type
        self.pictures: dict[int, float] = {}  # camera -> when its last picture came
        self._socket: ClientConnection | None = None
        self._answers: dict[int, queue.SimpleQueue[Content | None]] = {}
        self._numbers = itertools.count(1)
        self._closing = threading.Event()
        self._writing = threading.Lock()
        threads = (self._follow, self._beat)
        self._threads = [threading.Thread(target=each, daemon=True) for each in threads]

    def __enter__(self) -> "Window":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.set()
        self._close()
        for thread in self._threads:
            thread.join(5)

    @property
    def stale(self) -> bool:
        """Whether a page would show that it hears nothing new."""
        return not self.up or time.monotonic() - self.heard_s > STALE_S

    @property
    def driving(self) -> bool:
        return self.up and self.state is not None and self.state.driver == self.name

    @property
    def phase(self) -> str:
        return "away" if self.stale or self.state is None else self.state.phase.value

    def runs(self, part: Literal["link", "labeler"]) -> bool:
        """Whether the station, or the labeler, is said to run."""
        told = self.newest.get(part) or self.newest["hello"][part]
        return isinstance(told, dict) and bool(told["running"])

    def since(self, at_s: float, kind: str) -> list[Content]:
        """What was told of a kind from a moment on."""
        return [
            each.content for each in tuple(self.told) if each.at_s >= at_s and each.kind == kind
        ]

    def send(self, kind: str, /, **fields: JsonValue) -> None:
        """Say something that is not answered; lost where nobody listens."""
        with contextlib.suppress(Lost):
            self._write(json.dumps({"type": kind, **fields}))

    def ask(self, kind: str, timeout_s: float = 20.0, /, **fields: JsonValue) -> Content:
        """Say something and wait for the answer. Raises Refused, Lost."""
        number = next(self._numbers)
        answers = self._answers[number] = queue.SimpleQueue()
        try:
            self._write(json.dumps({"type": kind, "id": number, **fields}))
            answer = answers.get(timeout=timeout_s)
        except queue.Empty:
            raise Lost(f"{kind}: no answer within {timeout_s:g} s") from None
        finally:
            del self._answers[number]
        if answer is None:
            raise Lost(f"{kind}: the connection was lost")
        if not answer["ok"]:
            raise Refused(str(answer["error"]))
        result = answer.get("result")
        return result if isinstance(result, dict) else {}

    def command(self, name: str, timeout_s: float = 20.0, /, **fields: JsonValue) -> Content:
        """A command of the station. Raises Refused, Lost."""
        return self.ask("command", timeout_s, name=name, fields=fields)

    def get(self, path: str) -> Content:
        """Raises Refused, Lost."""
        content = json.loads(self.read(path))
        return content if isinstance(content, dict) else {}

    def read(self, path: str, body: Mapping[str, JsonValue] | None = None) -> bytes:
        """GET, or POST where there is a body. Raises Refused, Lost."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(_words(error.code, error.read())) from None
        except OSError as error:
            raise Lost(f"{path}: {error}") from None

    def post(self, path: str, /, **body: JsonValue) -> Content:
        """Raises Refused, Lost."""
        content = json.loads(self.read(path, body) or b"null")
        return content if isinstance(content, dict) else {}

    def wait(self, condition: Callable[[], bool], limit_s: float) -> bool:
        """Whether it came true in time."""
        deadline = time.monotonic() + limit_s
        while not (holds := condition()) and time.monotonic() < deadline:
            time.sleep(0.03)
        return holds

    def _follow(self) -> None:
        attempt = 0
        while not self._closing.is_set():
            try:
                address = self.url.replace("http", "ws", 1) + "live"
                self._socket = connect(address, max_size=None, open_timeout=3, ping_interval=None)
                self.up, attempt = True, 0
                for message in self._socket:
                    self._hear(message)
            except (OSError, WebSocketException, TimeoutError):
                pass
            self._drop()
            self._closing.wait(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            attempt += 1

    def _drop(self) -> None:
        self.up = False
        for answers in tuple(self._answers.values()):
            answers.put(None)

    def _hear(self, message: str | bytes) -> None:
        now_s = time.monotonic()
        if isinstance(message, bytes):
            self.pictures[message[1]] = now_s
            self._credit(message[1])
            return
        content = json.loads(message)
        if content["type"] == "hello":
            self.newest.clear()
        self.newest[content["type"]] = content
        if content["type"] == "state":
            self.state, self.heard_s = State.model_validate_json(message), now_s
        elif content["type"] == "reply":
            if answers := self._answers.get(content["id"] or 0):
                answers.put(content)
        else:
            self.told.append(Told(now_s, content))
        if content["type"] == "hello":
            self._greeted(Hello.model_validate_json(message))

    def _greeted(self, hello: Hello) -> None:
        self.name = hello.window
        for index in range(len(hello.cameras)):
            for _ in range(CREDITS):
                self._credit(index)

    def _credit(self, camera: int) -> None:
        with contextlib.suppress(Lost):
            self._write(bytes((1, camera)))

    def _beat(self) -> None:
        while not self._closing.wait(BEAT_S):
            if self.driving:
                self.send("beat")
            elif self.wants_control and not self.stale and self.state and not self.state.lease:
                self.send("control", take_over=False)

    def _write(self, message: str | bytes) -> None:
        socket = self._socket
        if socket is None or not self.up:
            raise Lost("not connected to the server")
        try:
            with self._writing:
                socket.send(message)
        except (OSError, WebSocketException) as error:
            raise Lost(str(error)) from None

    def _close(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError, WebSocketException):
                self._socket.close()


def _words(code: int, body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {code}: {body[:200]!r}"
