"""What a browser shows instead of a password: a session, and the mark of one that had one."""

import hmac
import logging
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from ...runtime.access import Access, Role
from ...runtime.json_file import BrokenJson, StoredModel, read_model, write_model

logger = logging.getLogger(__name__)
ENDED = "sessions_ended.json"
SESSION_S = 7 * 24 * 3600
MARK_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who said a password."""

    role: Role
    expires: int  # seconds since the epoch
    number: str  # tells it from others


class EndedSessions(StoredModel):
    """Those that people logged out of before their time."""

    ended: dict[str, int] = Field(default_factory=dict)
    """Number -> when it would have expired, in seconds since the epoch."""
    salt: str = ""
    """Goes into what is signed: with another, all sessions of before are over, too."""

    def also(self, session: Session) -> "EndedSessions":
        """With one more, and without those whose time is over."""
        lasting = {number: end for number, end in self.ended.items() if end > time.time()}
        return EndedSessions(ended={**lasting, session.number: session.expires}, salt=self.salt)


class Sessions:
    """Signs what browsers are given, and knows it again. What it is shown may be anything.

    ``file``: where ended sessions are kept, so that none comes back with a restart.
    """

    def __init__(self, access: Access, file: Path | None = None) -> None:
        self._access, self._file = access, file
        self._ended = _ended(file)

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
        over = session.expires <= time.time() or session.number in self._ended.ended
        return None if over else session

    def end(self, cookie: str) -> None:
        """Whoever has a copy of it is logged out, too."""
        session = self.find(cookie)
        if session is None:
            return
        self._ended = self._ended.also(session)
        if self._file is not None:
            _write(self._file, self._ended)

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
        password = self._access.passwords.get(role, "")
        return self._sign(f"session {said} {password}{self._ended.salt}")

    def _sign(self, text: str) -> str:
        return hmac.new(self._access.key, text.encode(), "sha256").hexdigest()


def _ended(file: Path | None) -> EndedSessions:
    """What a file holds; where it is damaged, all sessions of before are over."""
    if file is None or not file.exists():
        return EndedSessions()
    try:
        return read_model(file, EndedSessions)
    except BrokenJson as error:
        logger.warning("%s Everybody has to log in again.", error)
        anew = EndedSessions(salt=secrets.token_hex(8))
        _write(file, anew)
        return anew


def _write(file: Path, ended: EndedSessions) -> None:
    try:
        write_model(file, ended)
    except OSError:
        logger.exception("A session that has ended would begin again with a restart.")


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
