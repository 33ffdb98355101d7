"""What a browser shows instead of a password: a session, and the mark of one that had one."""

import hmac
import secrets
import time
from dataclasses import dataclass

from ...runtime.access import Access, Role

SESSION_S = 7 * 24 * 3600
MARK_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who said a password."""

    role: Role
    expires: int  # seconds since the epoch
    number: str  # tells it from others


class Sessions:
    """Signs what browsers are given, and knows it again. What it is shown may be anything."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._ended: dict[str, int] = {}  # number -> when it would have expired

    def begin(self, role: Role) -> str:
        """A cookie's value that ``find`` knows for a week."""
        said = f"{role.name}.{int(time.time()) + SESSION_S}.{secrets.token_hex(8)}"
        return f"{said}.{self._session_sign(said, role)}"

    def find(self, cookie: str) -> Session | None:
        """The session, while it lasts."""
        said, _, sign = cookie.rpartition(".")
        session = _read(said)
        if session is None or not _fits(self._session_sign(said, session.role), sign):
            return None
        over = session.expires <= time.time() or session.number in self._ended
        return None if over else session

    def end(self, cookie: str) -> None:
        """Whoever has a copy of it is logged out, too."""
        session = self.find(cookie)
        if session is not None:
            now = time.time()
            self._ended = {each: end for each, end in self._ended.items() if end > now}
            self._ended[session.number] = session.expires

    def mark(self, role: Role) -> str:
        """A cookie's value that says for long that a browser was once let in."""
        return f"{role.name}.{self._sign(f'mark {role.name}')}"

    def marked(self, cookie: str) -> Role | None:
        """The role that it was let in with."""
        name, _, sign = cookie.partition(".")
        role = Role.__members__.get(name)
        fits = role is not None and _fits(self._sign(f"mark {name}"), sign)
        return role if fits else None

    def _session_sign(self, said: str, role: Role) -> str:
        # With the password in what is signed, a changed password ends its sessions.
        return self._sign(f"session {said} {self._access.passwords.get(role, '')}")

    def _sign(self, text: str) -> str:
        return hmac.new(self._access.key, text.encode(), "sha256").hexdigest()


def _read(said: str) -> Session | None:
    match said.split("."):
        case [name, expires, number] if name in Role.__members__ and _is_time(expires):
            return Session(Role[name], int(expires), number)
        case _:
            return None


def _is_time(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) < 16


def _fits(sign: str, shown: str) -> bool:
    return hmac.compare_digest(sign.encode(), shown.encode("utf-8", "replace"))
