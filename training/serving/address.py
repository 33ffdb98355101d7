"""Where a policy server is, and what kind of one it is. Imports nothing heavy."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from ...runtime.access import is_loopback

SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
SOCKET = "unix:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """``https://gpu:7861``; or ``ws://gpu:8000#droid``, whose end says what kind of foreign
    server it is; or ``unix:/folder/socket`` on this machine."""

    text: str  # as it was given, for people
    uri: str
    socket: Path | None = None
    kind: str = ""

    @classmethod
    def parse(cls, text: str) -> "Address":
        if text.startswith(SOCKET):
            path = Path(text.removeprefix(SOCKET))
            return cls(text=text, uri="ws://localhost/", socket=path)
        parts = urlsplit(text)
        path = f"{parts.path.rstrip('/')}/"
        uri = urlunsplit((SCHEMES[parts.scheme], parts.netloc, path, parts.query, ""))
        return cls(text=text, uri=uri, kind=parts.fragment)

    @property
    def nearby(self) -> bool:
        """Whether nothing leaves this machine."""
        return self.socket is not None or is_loopback(urlsplit(self.uri).hostname or "")

    @property
    def sealed(self) -> bool:
        """Whether nobody on the way can read along."""
        return self.nearby or self.uri.startswith("wss:")


def is_address(base: str) -> bool:
    """Whether a base is a policy server's address."""
    try:
        parts = urlsplit(base)
        return parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:  # half of an IPv6 address, or a port that is none
        return False
