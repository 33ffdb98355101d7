"""What was made of one take so far, in a folder that is whole or not there. An export that was
interrupted goes on with those that still hold."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from ....runtime.atomic_file import new_folder, sync_tree
from ....runtime.errors import TeachloopError
from ....runtime.json_file import JsonObject, StoredModel, read_model, write_model
from ...labels.labels import Labels
from ...takes.reader import Take
from ...takes.take_folder import TAKE, find_take
from ..faceless_pictures import picture_filter
from .episode import Episode, episode_of_take
from .errors import CannotExport, Unfit
from .plan import Plan

NOTE = "episode.json"
Told: TypeAlias = Callable[[float], None]
"""Told which share of the work is done; what it raises ends the export."""
Fill: TypeAlias = Callable[[Take, Episode, Path, Told], None]
"""Writes into a folder what a format keeps of an episode. Raises CannotExport of a take that the
format has no place for."""
Make: TypeAlias = Callable[[Path, JsonObject], "EpisodeNote"]
"""Writes into a folder what is kept of a take, and says what it is, and what it was made of."""


class EpisodeNote(StoredModel):
    """What is said of an episode, and what it was made of."""

    made_of: JsonObject
    take: str
    length: int
    instruction: str
    paraphrases: list[str]
    subtasks: list[str]
    success: bool | None
    operator: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One that is there."""

    folder: Path
    note: EpisodeNote


MakePiece: TypeAlias = Callable[[str, Path, Told], Piece]
"""The piece of a take, by its id, in a folder: the one that is there where it still holds, or a new
one. Raises Unfit, WrongRecord, OSError, and what it tells raises; then there is none."""


def piece_of(
    data: Path, plan: Plan, version: int, fill: Fill, take_id: str, folder: Path, tell: Told
) -> Piece:
    """See ``MakePiece``; ``version``: of what ``fill`` writes."""
    take_folder = find_take(data, take_id)

    def make(partial: Path, made_of: JsonObject) -> EpisodeNote:
        episode = episode_of_take(data, take_id, plan)
        with Take.open(
            take_folder, through=picture_filter(hide_faces=plan.options.hide_faces)
        ) as take:
            _filled(take, episode, partial, fill, tell)
        return _note(episode, made_of)

    return kept_or_made(take_folder, folder, {"version": version, "plan": plan.to_json()}, make)


def kept_or_made(take_folder: Path, folder: Path, asked: JsonObject, make: Make) -> Piece:
    """The piece in ``folder`` where it was made of this take, as it is now, by what is asked, or a
    new one. Raises what ``make`` raises; then there is none."""
    made_of = {**asked, **_state(take_folder)}
    if (kept := _kept(folder, made_of)) is not None:
        return Piece(folder, kept)
    shutil.rmtree(folder, ignore_errors=True)  # of another plan, or of before a change
    with new_folder(folder) as partial:
        note = make(partial, made_of)
        write_model(partial / NOTE, note)
        sync_tree(partial)
    return Piece(folder, note)


def _filled(take: Take, episode: Episode, folder: Path, fill: Fill, tell: Told) -> None:
    """Raises Unfit."""
    try:
        fill(take, episode, folder, tell)
    except CannotExport as error:
        raise Unfit(str(error)) from error


def _state(take_folder: Path) -> JsonObject:
    """By which a take is known to be as it was. Raises Unfit where its labels are damaged."""
    status = (take_folder / TAKE).stat()
    try:
        revision = Labels.open(take_folder).revision
    except TeachloopError as error:
        raise Unfit(str(error)) from error
    return {
        "bytes": status.st_size,
        "changed_ns": status.st_mtime_ns,
        "revision": revision,
    }


def _kept(folder: Path, made_of: JsonObject) -> EpisodeNote | None:
    try:
        note = read_model(folder / NOTE, EpisodeNote)
    except TeachloopError:
        return None
    return note if note.made_of == made_of else None


def _note(episode: Episode, made_of: JsonObject) -> EpisodeNote:
    return EpisodeNote(
        made_of=made_of,
        take=episode.take,
        length=len(episode),
        instruction=episode.instruction,
        paraphrases=list(episode.paraphrases),
        subtasks=list(episode.subtasks),
        success=episode.success,
        operator=episode.operator,
    )


def part(tell: Told, number: int, count: int) -> Told:
    """Told of one of several parts, each as long as the others."""
    return lambda share: tell((number + share) / count)
