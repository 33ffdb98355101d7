"""All labels of a take; changes to them go over the socket."""

from fastapi import APIRouter
from pydantic import BaseModel, TypeAdapter

from ....datasets.labels.labels import Labels
from ....datasets.labels.mending import mend_labels
from ....datasets.takes.take_folder import find_take
from ....labeler.requests import Read
from ....labeler.statistics import LabelStatistics, label_statistics
from ....labeler.updates import Patch
from ....runtime.validation import validated
from ..roles import LABELS, LOOKS
from ..state import AppState

READ = TypeAdapter(Read)


class Mending(BaseModel):
    message: str


def label_routes(app_state: AppState) -> APIRouter:
    """Routes below /api/labels."""
    router = APIRouter(prefix="/api/labels", dependencies=[LOOKS])

    @router.get("/{take_id}")
    async def read(take_id: str, author: str = "") -> Patch:
        asked = validated(READ, {"take": take_id, "author": author})
        return await app_state.labeler.ask(asked)

    @router.get("/{take_id}/statistics")
    def statistics(take_id: str) -> LabelStatistics:
        """Of the work on them. Raises LabelsDamaged."""
        folder = find_take(app_state.data, take_id)
        return label_statistics(Labels.open(folder).history())

    @router.post("/{take_id}/mend", dependencies=[LABELS])
    def mend(take_id: str) -> Mending:
        """Go back to the whole lines before a damaged one."""
        mended = mend_labels(find_take(app_state.data, take_id))
        return Mending(message=str(mended or "No line of these labels is damaged."))

    return router
