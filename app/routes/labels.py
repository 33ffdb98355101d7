"""Labels: placeholder until the labeling session is wired in."""

from fastapi import APIRouter

from ..workshop import Workshop


def label_routes(workshop: Workshop) -> APIRouter:
    """Routes below /api/labels."""
    return APIRouter(prefix="/api/labels")
