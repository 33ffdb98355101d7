"""A policy on another machine, as an agent here."""

import contextlib
import json
import time
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from ...datasets.steps import Action, Observation
from ...runtime.access import is_loopback
from ...runtime.errors import TeachloopError
from ..policies.chunk_agent import ChunkAgent
from .protocol import from_observation, pack, to_chunk, unpack

ANSWER_S = 20.0
AWAY_S = 10.0  # how long a server may be gone before the run ends
AGAIN_S = 0.3
LARGEST = 1 << 24  # bytes in an answer


class PolicyServerAway(TeachloopError):
    def __init__(self, address: str, reason: object) -> None:
        super().__init__(
            f"The policy server {address} cannot be reached: {reason}. Is `teachloop "
            "serve-policy` running there, and does this machine's password fit?"
        )


class PasswordInTheOpen(TeachloopError):
    def __init__(self, address: str) -> None:
        super().__init__(
            f"The password would go to {address} for everybody on the way to read. Serve the "
            "policy with --certificate and give its https address."
        )


class PolicyServerRefused(TeachloopError):
    """The server's own words."""


def is_address(base: str) -> bool:
    """Whether a base is a policy server's address."""
    try:
        parts = urlsplit(base)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # half of an IPv6 address, or a port that is none
        return False


class RemoteAgent(ChunkAgent):
    """Follows an instruction on a policy server. Raises PolicyServerAway."""

    def __init__(self, address: str, password: str, instruction: str) -> None:
        super().__init__(execute=1)  # the server will say
        self.address = address
        self.instruction = instruction
        self.thought_ms = 0.0  # of the last answer, without its way there and back
        self._password = password
        self._socket: ClientConnection | None = None
        self._open = contextlib.ExitStack()
        self.reset()

    def reset(self) -> None:
        """A new run begins."""
        super().reset()
        self.execute = int(self._asked({"instruction": self.instruction})["execute"])

    def chunk(self, observation: Observation) -> list[Action]:
        """What the server says. A connection that broke is made anew for AWAY_S."""
        answer = self._asked({"observation": from_observation(observation)})
        actions, self.attention = to_chunk(answer)
        self.thought_ms = float(answer.get("thought_ms", 0.0))
        return actions

    def close(self) -> None:
        """Hang up."""
        self._socket = None
        self._open.close()

    def _asked(self, message: dict[str, Any]) -> dict[str, Any]:
        deadline = time.monotonic() + AWAY_S
        while True:
            try:
                return self._exchange(message)
            except (WebSocketException, OSError, TimeoutError) as error:
                self.close()
                if isinstance(error, InvalidStatus):
                    raise PolicyServerAway(self.address, _words(error)) from error
                if time.monotonic() > deadline:
                    raise PolicyServerAway(self.address, error) from error
                time.sleep(AGAIN_S)

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        if self._socket is None:
            self._socket = self._connected()
            if "instruction" not in message:
                self._send({"instruction": self.instruction})
        return self._send(message)

    def _send(self, message: dict[str, Any]) -> dict[str, Any]:
        assert self._socket is not None
        self._socket.send(pack(message))
        data = self._socket.recv(ANSWER_S)
        answer = unpack(data if isinstance(data, bytes) else data.encode())
        if "error" in answer:
            raise PolicyServerRefused(str(answer["error"]))
        return answer

    def _connected(self) -> ClientConnection:
        parts = urlsplit(self.address)
        if self._password and parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            raise PasswordInTheOpen(self.address)
        scheme = {"http": "ws", "https": "wss"}[parts.scheme]
        address = urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + "/chunks", "", ""))
        headers = {"Authorization": f"Bearer {quote(self._password)}"}
        connection = connect(
            address,
            additional_headers=headers,
            max_size=LARGEST,
            compression=None,
            open_timeout=ANSWER_S,
            proxy=None,
        )
        return self._open.enter_context(connection)


def _words(refusal: InvalidStatus) -> str:
    """The server's own, where it has some."""
    try:
        return str(json.loads(refusal.response.body or b"")["error"])
    except (ValueError, KeyError, TypeError):
        return str(refusal)
