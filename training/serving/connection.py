"""The socket to a policy server, opened again whenever it broke."""

import contextlib
import json
import socket
import time
from pathlib import Path
from urllib.parse import quote

from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from ...runtime.errors import TeachloopError
from .address import Address
from .protocol import LARGEST_BYTES, Metadata, read

OPEN_S = 20.0
AWAY_S = 10.0  # how long a server may be gone before the run ends
AGAIN_S = 0.3
LONGEST_WORDS = 1000


class PolicyServerAway(TeachloopError):
    def __init__(self, address: str, reason: str | Exception) -> None:
        super().__init__(
            f"The policy server {address} cannot be reached: {reason}. Is `teachloop "
            "serve-policy` running there, and does this machine's password fit?"
        )


class PolicyProcessGone(PolicyServerAway):
    def __init__(self, reason: object) -> None:
        TeachloopError.__init__(self, f"The policy's process on this machine is gone: {reason}.")


class PasswordInTheOpen(TeachloopError):
    def __init__(self, address: str) -> None:
        super().__init__(
            f"The password would go to {address} for everybody on the way to read. Serve the "
            "policy with --certificate and give its https address."
        )


class PolicyServerRefused(TeachloopError):
    """The server's own words."""


class PolicyConnection:
    """For one thread. Raises PasswordInTheOpen."""

    def __init__(self, address: Address, password: str) -> None:
        if password and not address.sealed:
            raise PasswordInTheOpen(address.text)
        self.address, self._password = address, password
        self._connection: ClientConnection | None = None
        self._metadata = Metadata()
        self._open = contextlib.ExitStack()

    def metadata(self) -> Metadata:
        """What the server says of itself. Raises PolicyServerAway, NotUnderstood."""
        return self._tried(None, OPEN_S)[0]

    def ask(self, request: bytes, answer_s: float) -> bytes:
        """Raises PolicyServerAway, PolicyServerRefused."""
        return self._tried(request, answer_s)[1]

    def close(self) -> None:
        """Hang up."""
        self._connection = None
        self._open.close()

    def _tried(self, request: bytes | None, answer_s: float) -> tuple[Metadata, bytes]:
        deadline = time.monotonic() + AWAY_S
        while True:
            try:
                connection = self._connection or self._connect()
                answer = b"" if request is None else _asked(connection, request, answer_s)
                return self._metadata, answer
            except (WebSocketException, OSError, TimeoutError) as error:
                self.close()
                if self.address.socket is not None:
                    raise PolicyProcessGone(error) from error
                if isinstance(error, InvalidStatus):
                    raise PolicyServerAway(self.address.text, _words(error)) from error
                if time.monotonic() > deadline:
                    raise PolicyServerAway(self.address.text, error) from error
                time.sleep(AGAIN_S)

    def _connect(self) -> ClientConnection:
        connection = self._open.enter_context(self._opened())
        first = connection.recv(OPEN_S)
        self._metadata = read(Metadata, first if isinstance(first, bytes) else first.encode())
        self._connection = connection
        return connection

    def _opened(self) -> ClientConnection:
        password = quote(self._password)
        return connect(
            self.address.uri,
            sock=_unix_socket(self.address.socket) if self.address.socket else None,
            additional_headers={"Authorization": f"Api-Key {password}"} if password else None,
            max_size=LARGEST_BYTES,
            compression=None,
            open_timeout=OPEN_S,
            ping_interval=None,  # a server of openpi's thinks where it would answer a ping
            proxy=None,
        )


def _unix_socket(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


def _asked(connection: ClientConnection, request: bytes, answer_s: float) -> bytes:
    connection.send(request)
    answer = connection.recv(answer_s)
    if isinstance(answer, str):  # openpi's servers send a whole traceback
        raise PolicyServerRefused(answer.strip().rpartition("\n")[2][:LONGEST_WORDS])
    return answer


def _words(refusal: InvalidStatus) -> str:
    """The server's own, where it has some."""
    try:
        return str(json.loads(refusal.response.body or b"")["error"])
    except (ValueError, KeyError, TypeError):
        return str(refusal)
