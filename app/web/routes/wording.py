"""Words of all takes that do not go together, and what puts them right."""

from collections.abc import Sequence

from fastapi import APIRouter

from ....labeler.consistency.check import check_words
from ....labeler.consistency.remedies import Remedy
from ....labeler.consistency.take_words import Finding, TakeWords
from ....labeler.requests import LabelRequest, Revert, Reword
from ....runtime.errors import TeachloopError
from ....runtime.ids import Id
from ....runtime.validation import StrictModel
from ..roles import LABELS, LOOKS
from ..schemas.to_window import TakesChanged
from ..state import AppState
from ..take_list import TakeList


class Findings(StrictModel):
    findings: list[Finding]


class Remedying(StrictModel):
    """What to put right, where, and in whose name."""

    remedy: Remedy
    takes: list[Id]
    author: str = ""


class Reverting(StrictModel):
    """Which revisions to take back: by take, of the same author."""

    revisions: dict[Id, int]
    author: str = ""


class Changes(StrictModel):
    """What came of it."""

    revisions: dict[str, int]
    """Id of a take that was changed -> its revision since."""
    refused: dict[str, str]
    """Id of a take that was not -> why."""


def wording_routes(app_state: AppState) -> APIRouter:
    """Routes below /api/wording."""
    router = APIRouter(prefix="/api/wording", dependencies=[LOOKS])
    takes = TakeList(app_state.data)

    @router.get("")
    def found() -> Findings:
        rows = [row for row in takes.catalogued() if not row.deleted and not row.damaged]
        return Findings(findings=check_words([TakeWords.of(row) for row in reversed(rows)]))

    @router.post("", dependencies=[LABELS])
    async def put_right(asked: Remedying) -> Changes:
        wanted = {"author": asked.author, "remedy": asked.remedy}
        requests = [Reword.model_validate({"take": take, **wanted}) for take in asked.takes]
        return await _ask_each(app_state, requests)

    @router.post("/revert", dependencies=[LABELS])
    async def take_back(asked: Reverting) -> Changes:
        requests = [
            Revert(take=take, author=asked.author, revision=revision)
            for take, revision in asked.revisions.items()
        ]
        return await _ask_each(app_state, requests)

    return router


async def _ask_each(app_state: AppState, requests: Sequence[LabelRequest]) -> Changes:
    """One take after the other; one that refuses stops no other."""
    changes = Changes(revisions={}, refused={})
    for request in requests:
        try:
            patch = await app_state.labeler.ask(request)
        except TeachloopError as error:
            changes.refused[request.take] = str(error)
        else:
            if patch.revision != patch.base_revision:
                changes.revisions[request.take] = patch.revision
    app_state.tell_all(TakesChanged())
    return changes
