"""Who may reach a server: addresses, hosts, origins, and the passwords of the roles."""

import hashlib
import hmac
import ipaddress
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from .atomic_file import PRIVATE, write_whole
from .errors import TeachloopError
from .regular_file import read_bytes

LOOPBACK_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")


class Role(IntEnum):
    """What somebody may do; each may do what those before it may."""

    LOOK = 1
    LABEL = 2
    DRIVE = 3


class AddressRefused(TeachloopError):
    def __init__(self, host: str) -> None:
        super().__init__(
            f"Listening on {host} would let others drive the robot. Give a password "
            "(--password, or the variable TEACHLOOP_PASSWORD), or listen on 127.0.0.1."
        )


class NameRefused(TeachloopError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"Whoever opens this server as {name} comes from another machine. Give a password, "
            "too (--password, or the variable TEACHLOOP_PASSWORD)."
        )


class PasswordsUnclear(TeachloopError):
    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason} Give each role that others may have a password of its own.")


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
    """The rules of one server. Raises AddressRefused, NameRefused where they would let strangers
    in, PasswordsUnclear where they do not say who is who."""

    host: str = "127.0.0.1"
    names: tuple[str, ...] = ()
    """Further names that it goes by, as in a proxy's address."""
    password: str | None = field(default=None, repr=False)
    """Of those who may do everything; without one, so may everybody who reaches the server."""
    label_password: str | None = field(default=None, repr=False)
    look_password: str | None = field(default=None, repr=False)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    secure: bool = False  # served over TLS

    def __post_init__(self) -> None:
        if not self.password:
            if not is_loopback(self.host):
                raise AddressRefused(self.host)
            if self.names:
                raise NameRefused(self.names[0])
        self._require_clear_passwords()

    def _require_clear_passwords(self) -> None:
        given = [each for each in (self.password, self.label_password, self.look_password) if each]
        if given and not self.password:
            raise PasswordsUnclear("Nobody could drive: the password for everything is missing.")
        if len(set(given)) < len(given):
            raise PasswordsUnclear("Two roles have the same password.")

    @property
    def passwords(self) -> Mapping[Role, str]:
        """Of the roles that have one."""
        everyone = {
            Role.LOOK: self.look_password,
            Role.LABEL: self.label_password,
            Role.DRIVE: self.password,
        }
        return {role: password for role, password in everyone.items() if password}

    def knows_host(self, header: str) -> bool:
        """Whether a Host header names this server; a rebound DNS name does not."""
        name = host_name(header)
        if name is None:
            return False
        if is_loopback(name) or name in map(str.lower, self.names):
            return True
        return not is_loopback(self.host) and (_is_address(name) or self._is_own(name))

    def _is_own(self, name: str) -> bool:
        """This machine's name, in whatever domain: which one the network puts it into is nothing
        that it knows. A stranger's domain may be among them, and meets the password."""
        own = socket.gethostname().lower().partition(".")[0]
        return name == self.host.lower() or name.partition(".")[0] == own

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

    def role_of(self, attempt: str) -> Role | None:
        """Whose password this is. As long as it takes says nothing about any of them."""
        said = [role for role, password in self.passwords.items() if _same(password, attempt)]
        return max(said, default=None)

    def password_is(self, attempt: str) -> bool:
        """Whether this is the password for everything."""
        return self.role_of(attempt) is Role.DRIVE


def session_key(data: Path) -> bytes:
    """The data folder's signing key, made on first use, so that sessions outlive a restart."""
    path = data / "session.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        write_whole(path, secrets.token_bytes(32), mode=PRIVATE)
    return read_bytes(path)


def host_name(header: str) -> str | None:
    """The name in a Host header; None where it holds none."""
    parts = _split(header)
    name = parts.hostname if parts else None
    return name.removesuffix(".") if name else None


def host_port(header: str) -> int | None:
    """The port in a Host header, which leaves its scheme's own out."""
    try:
        parts = _split(header)
        return parts.port if parts else None
    except ValueError:
        return None


def _split(header: str) -> SplitResult | None:
    try:
        return urlsplit(f"//{header}")
    except ValueError:
        return None


def _same(password: str, attempt: str) -> bool:
    digests = (hashlib.sha256(text.encode()).digest() for text in (password, attempt))
    return hmac.compare_digest(*digests)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
