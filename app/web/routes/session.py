"""Who the page's user is."""

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request

from ..roles import LET_IN, LOOKS, NAMES, RoleName, role_in


class SessionAnswer(BaseModel):
    """What whoever asks may do."""

    role: RoleName
    guarded: bool
    """Whether a password was asked for."""


def session_routes() -> APIRouter:
    """Routes below /api/session."""
    router = APIRouter(prefix="/api/session", dependencies=[LOOKS])

    @router.get("")
    async def asked(request: Request) -> SessionAnswer:
        guarded = request.scope[LET_IN] is not None
        return SessionAnswer(role=NAMES[role_in(request.scope)], guarded=guarded)

    return router
