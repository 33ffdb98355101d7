"""All labels of a take; changes to them go over the socket."""

from typing import Any

from fastapi import APIRouter

from ..workshop import Workshop


def label_routes(workshop: Workshop) -> APIRouter:
    """Routes below /api/labels."""
    router = APIRouter(prefix="/api/labels")

    @router.get("/{take_id}")
    def read(take_id: str) -> dict[str, Any]:
        return workshop.labels.read(take_id)

    return router
