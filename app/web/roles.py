"""What each role may do here: a check that every route has, and the socket for every message."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from fastapi import Depends
from starlette.requests import HTTPConnection
from starlette.types import Scope

from ...runtime.access import Role
from ...runtime.errors import TeachloopError
from .sessions import Session

LET_IN = "teachloop.session"  # in a request's scope: its session, None where no password is set
RoleName: TypeAlias = Literal["look", "label", "drive"]
NAMES: Mapping[Role, RoleName] = {Role.LOOK: "look", Role.LABEL: "label", Role.DRIVE: "drive"}
MAY = {Role.LOOK: "look", Role.LABEL: "label", Role.DRIVE: "drive, train and change settings"}


class NotAllowed(TeachloopError):
    def __init__(self, needed: Role, has: Role) -> None:
        super().__init__(
            f"Your password lets you {MAY[has]}. This is for those who may {MAY[needed]}: "
            "log out, and in again with their password."
        )


def require(needed: Role, has: Role) -> None:
    """Raises NotAllowed."""
    if has < needed:
        raise NotAllowed(needed, has)


def role_in(scope: Scope) -> Role:
    """Of whoever asks. A KeyError where nothing that guards has let them in."""
    session: Session | None = scope[LET_IN]
    return session.role if session else Role.DRIVE


class Needs:
    """Lets a request through that somebody of this role, or of a higher one, makes."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(self, connection: HTTPConnection) -> None:
        """Raises NotAllowed."""
        require(self.role, role_in(connection.scope))


LOOKS, LABELS, DRIVES = (Depends(Needs(role)) for role in Role)
