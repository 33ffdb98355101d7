"""Adapters, and the bases that they are trained on: list, add, rename, delete, restore."""

from pathlib import Path

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from ....runtime.ids import checked_id
from ....training.adapters.card import Comparison
from ....training.adapters.offline import OfflineEvaluation
from ....training.adapters.registry import (
    Adapter,
    DamagedAdapter,
    delete_adapter,
    list_adapters,
    list_all,
    rename_adapter,
    restore_adapter,
)
from ....training.policies.base_list import BaseChoice, add_base, choices
from ..roles import DRIVES, LOOKS

NAME_CHARACTERS, SOURCE_CHARACTERS = 80, 300


class NewName(BaseModel):
    name: str


class Scores(BaseModel):
    """Success (0 … 1) over unseen layouts."""

    before: float | None
    after: float
    replay: float | None
    """Of the nearest take, moved; None: there is no such figure."""
    rollouts: int
    verb: str
    split: str
    created: float | None
    """Seconds since the epoch."""


class AdapterSummary(BaseModel):
    """An adapter in one line, for lists."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    base: str
    takes: list[str]
    created: float
    """Seconds since the epoch."""
    preset: str
    stopped: str
    """Where its training was cancelled, in words; empty: it was not."""
    offline: OfflineEvaluation | None
    evaluation: Scores | None
    earlier: list[Scores]


class Damaged(BaseModel):
    """An adapter whose card cannot be read."""

    id: str
    reason: str


class Bases(BaseModel):
    bases: list[BaseChoice]


class AdaptersAndBases(Bases):
    adapters: list[AdapterSummary]
    damaged: list[Damaged]


class Deleted(BaseModel):
    deleted: str


def adapter_routes(data: Path) -> APIRouter:
    """Routes below /api/adapters."""
    router = APIRouter(prefix="/api/adapters", dependencies=[LOOKS])

    @router.get("")
    def listed() -> AdaptersAndBases:
        adapters = [summary_of(adapter) for adapter in list_adapters(data)]
        odd = [each for each in list_all(data) if isinstance(each, DamagedAdapter)]
        damaged = [Damaged(id=each.id, reason=each.reason) for each in odd]
        return AdaptersAndBases(adapters=adapters, damaged=damaged, bases=choices(data))

    @router.post("/bases", dependencies=[DRIVES])
    def add(wish: NewName) -> Bases:
        add_base(data, wish.name[:SOURCE_CHARACTERS])
        return Bases(bases=choices(data))

    @router.patch("/{adapter_id}", dependencies=[DRIVES])
    def rename(adapter_id: str, wish: NewName) -> AdapterSummary:
        name = wish.name[:NAME_CHARACTERS]
        return summary_of(rename_adapter(data, checked_id(adapter_id), name))

    @router.delete("/{adapter_id}", dependencies=[DRIVES])
    def delete(adapter_id: str) -> Deleted:
        delete_adapter(data, checked_id(adapter_id))
        return Deleted(deleted=adapter_id)

    @router.post("/{adapter_id}/restore", dependencies=[DRIVES])
    def restore(adapter_id: str) -> AdapterSummary:
        return summary_of(restore_adapter(data, checked_id(adapter_id)))

    return router


def summary_of(adapter: Adapter) -> AdapterSummary:
    card = adapter.card
    return AdapterSummary(
        id=adapter.id,
        name=card.name,
        base=card.base,
        takes=[take.id for take in card.takes],
        created=card.created,
        preset=str(card.config.get("preset", "")),
        stopped=card.stopped,
        offline=card.offline,
        evaluation=_scores(card.evaluation) if card.evaluation else None,
        earlier=[_scores(each) for each in card.earlier],
    )


def _scores(found: Comparison) -> Scores:
    return Scores(
        before=found.success_before,
        after=found.success_after,
        replay=found.success_replay,
        rollouts=found.rollouts,
        verb=found.verb,
        split=found.split,
        created=found.created,
    )
