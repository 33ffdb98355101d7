"""Weights of what segments and propagates: what there is, naming, forgetting, throwing away."""

import asyncio
from typing import Annotated

from fastapi import APIRouter
from pydantic import StringConstraints

from ....labeler.models.listing import ModelList, list_models
from ....labeler.models.removal import remove_fetched
from ....labeler.models.settings_file import forget_weights
from ....runtime.validation import StrictModel
from ..roles import DRIVES, LOOKS
from ..state import AppState

TEXT_LIMIT = 1000


class NamedWeights(StrictModel):
    """What somebody has on this machine."""

    weights: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_LIMIT)
    ]
    """File, folder or hub id."""


def model_routes(app_state: AppState) -> APIRouter:
    """Routes below /api/models. Fetching is a job."""
    router = APIRouter(prefix="/api/models", dependencies=[LOOKS])
    data = app_state.data

    @router.get("")
    def listed() -> ModelList:
        return list_models(data)

    @router.put("/methods/{method}", dependencies=[DRIVES])
    async def use(method: str, wish: NamedWeights) -> ModelList:
        """The labeler looks at them first."""
        await app_state.labeler.use_weights(method, wish.weights)
        return await asyncio.to_thread(list_models, data)

    @router.delete("/methods/{method}", dependencies=[DRIVES])
    def forget(method: str) -> ModelList:
        forget_weights(data, method)
        return list_models(data)

    @router.delete("/fetched/{name}", dependencies=[DRIVES])
    def remove(name: str) -> ModelList:
        remove_fetched(data, name)
        return list_models(data)

    return router
