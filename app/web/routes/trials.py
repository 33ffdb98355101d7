"""Studies of policies: plan, look, pause, tell the names, export."""

import time
from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from ....runtime.json_file import BrokenJson
from ....training.trials.plan import StudyWish, plan
from ....training.trials.study import Study
from ....training.trials.view import StudyView, as_csv, view_of
from ..roles import DRIVES, LOOKS
from ..schemas.to_window import TrialsChanged
from ..state import AppState


class StudySummary(BaseModel):
    """A study in one line, for lists."""

    id: str
    name: str
    created: float
    """Seconds since the epoch."""
    planned: int
    judged: int
    paused: bool


class DamagedStudy(BaseModel):
    """A study whose file cannot be read."""

    id: str
    reason: str


class Studies(BaseModel):
    """All of them, the newest first."""

    studies: list[StudySummary]
    damaged: list[DamagedStudy]


def trial_routes(app_state: AppState) -> APIRouter:
    """Routes below /api/trials."""
    router = APIRouter(prefix="/api/trials", dependencies=[LOOKS])
    _looking(router, app_state)
    _changing(router, app_state)
    return router


def _looking(router: APIRouter, app_state: AppState) -> None:
    store = app_state.studies

    @router.get("")
    def listed() -> Studies:
        found, damaged = [], []
        for study_id in store.ids():
            try:
                found.append(_summary(study_id, store.read(study_id)))
            except BrokenJson as error:
                damaged.append(DamagedStudy(id=study_id, reason=str(error)))
        return Studies(studies=found, damaged=damaged)

    @router.get("/{study_id}")
    def seen(study_id: str) -> StudyView:
        return view_of(study_id, store.read(study_id))

    @router.get("/{study_id}/export.csv")
    def table(study_id: str) -> Response:
        return _file(f"trials-{study_id}.csv", as_csv(store.read(study_id)), "text/csv")

    @router.get("/{study_id}/export.json")
    def whole(study_id: str) -> Response:
        text = view_of(study_id, store.read(study_id)).model_dump_json(indent=1)
        return _file(f"trials-{study_id}.json", text, "application/json")


def _changing(router: APIRouter, app_state: AppState) -> None:
    store = app_state.studies

    def changed(study_id: str, change: Callable[[Study], Study]) -> StudyView:
        study = store.change(study_id, change)
        app_state.call_soon(lambda: app_state.tell_all(TrialsChanged()))
        return view_of(study_id, study)

    @router.post("", dependencies=[DRIVES])
    def begin(wish: StudyWish) -> StudyView:
        study_id = store.add(plan(app_state.data, wish))
        return changed(study_id, lambda study: study)

    @router.post("/{study_id}/pause", dependencies=[DRIVES])
    def pause(study_id: str) -> StudyView:
        return changed(study_id, lambda study: study.pausing(True))

    @router.post("/{study_id}/resume", dependencies=[DRIVES])
    def resume(study_id: str) -> StudyView:
        return changed(study_id, lambda study: study.pausing(False))

    @router.post("/{study_id}/reveal", dependencies=[DRIVES])
    def reveal(study_id: str) -> StudyView:
        """Say now which policy is which; that it was before the end is kept."""
        return changed(study_id, lambda study: study.revealed(time.time()))


def _summary(study_id: str, study: Study) -> StudySummary:
    return StudySummary(
        id=study_id,
        name=study.name,
        created=study.created,
        planned=len(study.order),
        judged=study.judged,
        paused=study.paused,
    )


def _file(name: str, text: str, media_type: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=media_type, headers=headers)
