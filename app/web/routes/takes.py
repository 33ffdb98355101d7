"""Takes: the list, their pictures, play-back, the bin."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from ....datasets.arm_path import ArmPath
from ....datasets.bulk_edit import BulkEdit, apply_bulk_edit
from ....datasets.camera_check.report import CameraStanding, standings
from ....datasets.catalog_rows import path_of
from ....datasets.counted_ticks import Tick, TickSpan, counted_ticks, trim_to
from ....datasets.hand_path import HandPath
from ....datasets.labels.edits import SetTrim
from ....datasets.labels.labels import Labels
from ....datasets.signals import Signals
from ....datasets.split_take import split_take
from ....datasets.takes.reader import Take
from ....datasets.takes.take_folder import find_take
from ....datasets.takes.trash import put_in_bin, take_out_of_bin
from ....runtime.errors import TeachloopError
from ....runtime.validation import StrictModel
from ..errors import NoSuchFile
from ..labeler_proxy import LabelerAway
from ..replay_check import ReplayCheck, replay_check
from ..roles import LABELS, LOOKS
from ..schemas.to_window import TakesChanged
from ..state import AppState
from ..take_cache import TakeDetail
from ..take_list import ListedTake, TakeList

MOST_AT_ONCE = 5000  # takes that are edited
# A picture of a finished take never changes; archived, it is nearly the same.
FOR_EVER = {"cache-control": "private, max-age=31536000, immutable"}


class TakeRows(StrictModel):
    """All takes, the newest first."""

    takes: list[ListedTake]


class HandPaths(StrictModel):
    """Of those takes whose arm was heard, by their ids."""

    paths: dict[str, HandPath]


class Author(StrictModel):
    """In whose name."""

    author: str = ""


class BulkEdits(Author):
    """Of takes, by their ids."""

    edits: Annotated[dict[str, BulkEdit], Field(max_length=MOST_AT_ONCE)]


class BulkEdited(StrictModel):
    """What undoes it, and which takes were not edited, and why."""

    undo: dict[str, BulkEdit]
    refused: dict[str, str]


class Counting(Author):
    """What is to count of a take: all of it, what is between the rest at its ends, or some of its
    ticks."""

    counts: Literal["all", "moving"] | TickSpan


class Counted(StrictModel):
    """What counted before; asked for again, it undoes the change."""

    before: Literal["all"] | TickSpan


class Splitting(Author):
    """The first tick of what becomes the second take."""

    tick: Tick


class Parts(StrictModel):
    """The takes that a take became."""

    takes: tuple[str, str]


def take_routes(app_state: AppState) -> APIRouter:
    """Routes below /api/takes."""
    router = APIRouter(prefix="/api/takes", dependencies=[LOOKS])
    _add_descriptions(router, app_state)
    _add_pictures(router, app_state)
    _add_changes(router, app_state)
    return router


def _add_descriptions(router: APIRouter, app_state: AppState) -> None:
    takes = TakeList(app_state.data)

    @router.get("")
    def listed() -> TakeRows:
        return TakeRows(takes=takes.rows())

    @router.get("/paths")
    def paths() -> HandPaths:
        found = {row.take_id: path_of(row) for row in takes.catalogued()}
        return HandPaths(paths={take_id: path for take_id, path in found.items() if path})

    @router.get("/{take_id}")
    def detail(take_id: str) -> TakeDetail:
        return app_state.take_cache.detail(take_id)

    @router.get("/{take_id}/arm")
    def arm(take_id: str) -> ArmPath | None:
        return app_state.take_cache.arm(take_id)

    @router.get("/{take_id}/signals")
    def curves(take_id: str) -> Signals | None:
        return app_state.take_cache.signals(take_id)

    @router.get("/{take_id}/trim")
    def counted(take_id: str) -> TickSpan:
        said = Labels.open(find_take(app_state.data, take_id)).snapshot
        return counted_ticks(app_state.take_cache.time_ns(take_id), said.trim)

    @router.get("/{take_id}/replay")
    def replayed(take_id: str) -> ReplayCheck | None:
        return replay_check(app_state.data, take_id)

    @router.get("/{take_id}/cameras")
    def cameras(take_id: str) -> list[CameraStanding]:
        with Take.open(find_take(app_state.data, take_id)) as take:
            return standings(take)


def _add_pictures(router: APIRouter, app_state: AppState) -> None:
    take_cache = app_state.take_cache

    @router.get("/{take_id}/poster.jpg")
    async def poster(take_id: str) -> Response:
        try:
            jpeg = await app_state.labeler.poster(take_id)
        except LabelerAway:
            jpeg = await asyncio.to_thread(take_cache.poster, take_id)
        return Response(jpeg, media_type="image/jpeg", headers=FOR_EVER)

    @router.get("/{take_id}/frames/{camera}/{index}.jpg")
    def picture(take_id: str, camera: str, index: int) -> Response:
        try:
            jpeg = take_cache.jpeg(take_id, camera, index)
        except (IndexError, KeyError):
            raise NoSuchFile(f"{camera}/{index}.jpg") from None
        return Response(jpeg, media_type="image/jpeg", headers=FOR_EVER)


def _add_changes(router: APIRouter, app_state: AppState) -> None:
    @router.post("/edit", dependencies=[LABELS], response_model_exclude_unset=True)
    def edit_many(asked: BulkEdits) -> BulkEdited:
        done = BulkEdited(undo={}, refused={})
        for take_id, edit in asked.edits.items():
            try:
                folder = find_take(app_state.data, take_id)
                done.undo[take_id] = apply_bulk_edit(folder, edit, asked.author)
            except (TeachloopError, OSError) as error:
                done.refused[take_id] = str(error)
        _changed(app_state)
        return done

    @router.post("/{take_id}/bin", dependencies=[LABELS])
    def throw_away(take_id: str, by: Author) -> None:
        put_in_bin(find_take(app_state.data, take_id), by.author)
        _changed(app_state)

    @router.post("/{take_id}/trim", dependencies=[LABELS])
    def trim(take_id: str, asked: Counting) -> Counted:
        takes, labels = app_state.take_cache, Labels.open(find_take(app_state.data, take_id))
        time_ns, before = takes.time_ns(take_id), labels.snapshot.trim
        match asked.counts:
            case "all":
                counts = None
            case "moving":
                counts = takes.without_rest(take_id)
            case TickSpan() as span:
                counts = trim_to(time_ns, span)
        labels.add([SetTrim(counts)], asked.author)
        _changed(app_state)
        return Counted(before=counted_ticks(time_ns, before) if before else "all")

    @router.post("/{take_id}/split", dependencies=[LABELS])
    def split(take_id: str, asked: Splitting) -> Parts:
        time_ns = app_state.take_cache.time_ns(take_id)
        tick = min(asked.tick, len(time_ns) - 1)
        parts = split_take(app_state.data, take_id, int(time_ns[tick]), asked.author)
        _changed(app_state)
        return Parts(takes=parts)

    @router.post("/{take_id}/restore", dependencies=[LABELS])
    def restore(take_id: str, by: Author) -> None:
        take_out_of_bin(find_take(app_state.data, take_id), by.author)
        _changed(app_state)


def _changed(app_state: AppState) -> None:
    app_state.call_soon(lambda: app_state.tell_all(TakesChanged()))
