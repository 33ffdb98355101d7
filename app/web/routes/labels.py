"""All labels of a take; changes to them go over the socket."""

from typing import Any

from fastapi import APIRouter

from ..state import AppState


def label_routes(app_state: AppState) -> APIRouter:
    """Routes below /api/labels."""
    router = APIRouter(prefix="/api/labels")

    @router.get("/{take_id}")
    def read(take_id: str) -> dict[str, Any]:
        return app_state.labels.read(take_id)

    return router
