"""All labels of a take; changes to them go over the socket."""

from fastapi import APIRouter

from ....labeler.requests import Read
from ....labeler.updates import Patch
from ..roles import LOOKS
from ..state import AppState


def label_routes(app_state: AppState) -> APIRouter:
    """Routes below /api/labels."""
    router = APIRouter(prefix="/api/labels", dependencies=[LOOKS])

    @router.get("/{take_id}")
    async def read(take_id: str, author: str = "") -> Patch:
        return await app_state.labeler.ask(Read(take=take_id, author=author))

    return router
