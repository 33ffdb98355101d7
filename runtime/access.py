"""Who may reach the server: addresses, hosts, origins, and the password's sessions."""

import hashlib
import hmac
import ipaddress
import secrets
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from .atomic_file import PRIVATE, write_whole
from .errors import TeachloopError

SESSION_S = 7 * 24 * 3600
LOOPBACK_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")


class AddressRefused(TeachloopError):
    def __init__(self, host: str) -> None:
        super().__init__(
            f"Listening on {host} would let others drive the robot. Give a password "
            "(--password, or the variable TEACHLOOP_PASSWORD), or listen on 127.0.0.1."
        )


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine can reach ``host``."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The rules of one server. Raises AddressRefused where they would let strangers in."""

    host: str = "127.0.0.1"
    password: str | None = None
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    secure: bool = False  # served over TLS

    def __post_init__(self) -> None:
        if not is_loopback(self.host) and not self.password:
            raise AddressRefused(self.host)

    def knows_host(self, header: str) -> bool:
        """Whether a Host header names this server; a rebound DNS name does not."""
        name = _host_name(header)
        if name is None:
            return False
        if is_loopback(name):
            return True
        return not is_loopback(self.host) and (_is_address(name) or name in _own_names(self.host))

    def same_origin(self, origin: str, host_header: str) -> bool:
        """Whether an Origin header means a page that this very server delivered."""
        try:
            parts = urlsplit(origin)
        except ValueError:  # such as half of an IPv6 address: no page of ours
            return False
        port = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
        return bool(parts.netloc) and host_header.lower() in (
            parts.netloc.lower(),
            parts.netloc.lower().removesuffix(port),
        )

    def password_is(self, attempt: str) -> bool:
        expected = hashlib.sha256((self.password or "").encode()).digest()
        return hmac.compare_digest(hashlib.sha256(attempt.encode()).digest(), expected)

    def issue_session(self) -> str:
        """A cookie's value that ``valid_session`` accepts for a week."""
        expires = str(int(time.time()) + SESSION_S)
        return f"{expires}.{self._sign(expires)}"

    def valid_session(self, cookie: str) -> bool:
        expires, _, signature = cookie.partition(".")
        signed = hmac.compare_digest(self._sign(expires).encode(), signature.encode())
        return signed and expires.isdigit() and int(expires) > time.time()

    def _sign(self, text: str) -> str:
        # With the password in the key, a changed password ends all sessions.
        key = self.key + (self.password or "").encode()
        return hmac.new(key, text.encode(), "sha256").hexdigest()


def session_key(data: Path) -> bytes:
    """The data folder's signing key, made on first use, so that sessions outlive a restart."""
    path = data / "session.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        write_whole(path, secrets.token_bytes(32), mode=PRIVATE)
    return path.read_bytes()


def _host_name(header: str) -> str | None:
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own_names(host: str) -> set[str]:
    name = socket.gethostname().lower()
    return {host.lower(), name, f"{name}.local", name.split(".")[0]}
