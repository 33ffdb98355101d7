"""What was made of one take so far: its columns and its videos, in a folder that is whole or not
there. An export that was interrupted goes on with those that still hold."""

import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ....runtime.atomic_file import new_folder, sync_tree
from ....runtime.errors import TeachloopError
from ....runtime.json_file import JsonObject, StoredModel, read_model, write_model
from ...labels.labels import Labels
from ...takes.check import require_usable
from ...takes.reader import Take
from ...takes.take_folder import TAKE, find_take
from .episode import Episode, episode_of
from .errors import Unfit
from .plan import Plan, Size
from .statistics import Colours, looked_at
from .video import VideoWriter

NOTE, COLUMNS = "episode.json", "columns.npz"
VERSION = 1  # of what is made of a take: pieces of another are made anew
Columns = dict[str, NDArray]
Told = Callable[[float], None]
"""Told which share of the take is done; what it raises ends the export."""


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


class Piece:
    """One that is there."""

    def __init__(self, folder: Path, note: EpisodeNote, cameras: list[str]) -> None:
        self.note = note
        self._folder, self._cameras = folder, cameras

    def columns(self) -> Columns:
        """Of T rows each."""
        with np.load(self._folder / COLUMNS, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays if not name.startswith(COLOURS)}

    def colours(self, camera: str) -> Colours:
        number = self._cameras.index(camera)
        with np.load(self._folder / COLUMNS, allow_pickle=False) as arrays:
            levels = arrays[f"{COLOURS}{number}"]
        return Colours(len(looked_at(self.note.length)), levels)

    def video(self, camera: str) -> Path:
        return _video(self._folder, self._cameras.index(camera))


COLOURS = "colours/"


def piece_of(data: Path, take_id: str, folder: Path, plan: Plan, tell: Told) -> Piece:
    """The one in ``folder`` where it still holds, or a new one. Raises Unfit, WrongRecord,
    OSError, and what ``tell`` raises; then there is none."""
    made_of = _made_of(find_take(data, take_id), plan)
    note = _kept(folder, made_of)
    if note is None:
        episode = _episode(data, take_id, plan)
        note = _write(find_take(data, take_id), folder, episode, plan, made_of, tell)
    return Piece(folder, note, list(plan.sizes))


def _made_of(take_folder: Path, plan: Plan) -> JsonObject:
    status = (take_folder / TAKE).stat()
    return {
        "version": VERSION,
        "bytes": status.st_size,
        "changed_ns": status.st_mtime_ns,
        "revision": Labels.open(take_folder).revision,
        "plan": plan.to_json(),
    }


def _kept(folder: Path, made_of: JsonObject) -> EpisodeNote | None:
    try:
        note = read_model(folder / NOTE, EpisodeNote)
    except TeachloopError:
        return None
    return note if note.made_of == made_of else None


def _episode(data: Path, take_id: str, plan: Plan) -> Episode:
    """Raises Unfit."""
    folder = find_take(data, take_id)
    try:
        require_usable(data, take_id)
        with Take.open(folder) as take:
            return episode_of(take, Labels.open(folder).snapshot, plan)
    except TeachloopError as error:
        raise Unfit(str(error)) from error


def _write(
    take_folder: Path,
    folder: Path,
    episode: Episode,
    plan: Plan,
    made_of: JsonObject,
    tell: Told,
) -> EpisodeNote:
    shutil.rmtree(folder, ignore_errors=True)  # of another plan, or of before a change
    with Take.open(take_folder) as take, new_folder(folder) as partial:
        columns = _columns(episode)
        for number, camera in enumerate(plan.sizes):
            pictures = _Pictures(take, camera, plan.sizes[camera], episode.frames[camera])
            part = _part(tell, number, len(plan.sizes))
            levels = pictures.encode(_video(partial, number), plan.rate_hz, part)
            columns[f"{COLOURS}{number}"] = levels
        np.savez(partial / COLUMNS, **columns)  # pyright: ignore[reportArgumentType]
        note = _note(episode, made_of)
        write_model(partial / NOTE, note)
        sync_tree(partial)
    return note


def _part(tell: Told, number: int, count: int) -> Told:
    return lambda share: tell((number + share) / count)


def _video(folder: Path, number: int) -> Path:
    """By number: a camera may be called anything."""
    return folder / f"{number}.mp4"


def _columns(episode: Episode) -> Columns:
    return {
        "observation.state": episode.state.astype(np.float32),
        "observation.ee_pose": episode.ee_pose.astype(np.float32),
        "action": episode.actions.astype(np.float32),
        "decided_by": episode.decided_by[:, None],
        "stale": episode.stale,
        "subtask_index": episode.subtask[:, None],
    }


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


class _Pictures:
    """One camera's pictures at each tick."""

    def __init__(self, take: Take, camera: str, size: Size, frames: NDArray[np.int64]) -> None:
        self._take, self._camera, self._size, self._frames = take, camera, size, frames

    def encode(self, path: Path, rate_hz: int, tell: Told) -> NDArray[np.int64]:
        """Write them as a video; returns which colours were seen, see ``Colours``."""
        seen, looked = Colours.none(), set(looked_at(len(self._frames)).tolist())
        shown, image = -1, np.zeros((0, 0, 3), np.uint8)
        with VideoWriter(path, self._size, rate_hz) as video:
            for tick, index in enumerate(self._frames.tolist()):
                if index != shown:
                    shown, image = index, self._picture(index)
                video.add(image)
                if tick in looked:
                    seen.look(image)
                tell(tick / len(self._frames))
        return seen.levels

    def _picture(self, index: int) -> NDArray[np.uint8]:
        height, width = self._size
        image = self._take.image_at_least(self._camera, index, height, width)
        if image.shape[:2] == self._size:
            return image
        smaller = height * width < image.shape[0] * image.shape[1]
        way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        return cv2.resize(image, (width, height), interpolation=way).astype(np.uint8, copy=False)
