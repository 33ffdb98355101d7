"""What is kept of one take: its columns, which colours its pictures show, its videos and its
masks."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ....geometry.poses import to_nine_numbers
from ...takes.reader import Take
from ..episodes.episode import Episode, episode_of_take
from ..episodes.errors import NoInstruction
from ..episodes.masks import calibrations
from ..episodes.pictures import pictures_at
from ..episodes.pieces import Piece, Told, part
from .actions import actions_of, with_gripper
from .errors import TooLong
from .masks import numbered, write_masks
from .options import LeRobotOptions
from .plan import LeRobotPlan, plan_of
from .statistics import Colours, looked_at
from .video import VideoWriter

COLUMNS, COLOURS = "columns.npz", "colours/"
MASKS, CALIBRATIONS = "masks.parquet", "calibrations.json"
VERSION = 2
LONGEST_S = 2048  # float32 is off by less than LeRobot's tolerance, 0.1 ms, up to here
Columns = dict[str, NDArray]


class LeRobotPiece:
    """One that is there."""

    def __init__(self, piece: Piece, cameras: list[str]) -> None:
        self.note = piece.note
        self._folder, self._cameras = piece.folder, cameras

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

    def masks(self, episode: int) -> pa.Table:
        """As those of an episode of that number."""
        return numbered(self._folder / MASKS, episode)

    def calibrations(self) -> str:
        """JSON, by camera; those that nobody calibrated are not there."""
        return (self._folder / CALIBRATIONS).read_text("utf-8")


def fill(plan: LeRobotPlan, take: Take, episode: Episode, folder: Path, tell: Told) -> None:
    """Raises NoInstruction, TooLong, Unfit, NoSuchJoints, WrongRecord, and what ``tell`` raises."""
    columns = _fitting(plan, episode)
    write_masks(folder / MASKS, episode, take, plan)
    known = calibrations(take.info.cameras, plan.sizes)
    (folder / CALIBRATIONS).write_text(json.dumps(known), "utf-8")
    for number, camera in enumerate(plan.sizes):
        path, own = _video(folder, number), part(tell, number, len(plan.sizes))
        columns[f"{COLOURS}{number}"] = _encode(path, take, camera, episode, plan, own)
    np.savez(folder / COLUMNS, **columns)  # pyright: ignore[reportArgumentType]


def _video(folder: Path, number: int) -> Path:
    """By number: a camera may be called anything."""
    return folder / f"{number}.mp4"


def require_fit(data: Path, like: str, take_id: str, options: LeRobotOptions) -> None:
    """Whether a take fits into a data set with another. Raises CannotExport, TakeRefused, and what
    opening a take raises."""
    plan = plan_of(data, [like, take_id], options)
    _fitting(plan, episode_of_take(data, take_id, plan))


def _fitting(plan: LeRobotPlan, episode: Episode) -> Columns:
    """Its columns. Raises NoInstruction, TooLong, NoSuchJoints."""
    if not episode.instruction:
        raise NoInstruction(episode.take)
    if (seconds := len(episode) / plan.rate_hz) > LONGEST_S:
        raise TooLong(episode.take, seconds, LONGEST_S)
    return _columns(episode, plan)


def _columns(episode: Episode, plan: LeRobotPlan) -> Columns:
    """Raises NoSuchJoints."""
    ticks = episode.ticks
    state = with_gripper(ticks.joint_positions_rad, ticks.gripper_width_m)
    actions = actions_of(episode.take, ticks, plan.options.actions, plan.embodiment)
    return {
        "observation.state": state.astype(np.float32),
        "observation.ee_pose": to_nine_numbers(ticks.ee_pose).astype(np.float32),
        "action": actions.astype(np.float32),
        "decided_by": ticks.decided_by.astype(np.int64)[:, None],
        "stale": episode.stale,
        "subtask_index": episode.subtask[:, None],
    }


def _encode(
    path: Path, take: Take, camera: str, episode: Episode, plan: LeRobotPlan, tell: Told
) -> NDArray[np.int64]:
    """Write one camera's pictures as a video; returns which colours were seen, see ``Colours``."""
    size, length = plan.sizes[camera], len(episode)
    seen, looked = Colours.none(), set(looked_at(length).tolist())
    pictures = pictures_at(take, camera, episode.frames[camera], size)
    with VideoWriter(path, size, plan.rate_hz) as video:
        for tick, image in enumerate(pictures):
            video.add(image)
            if tick in looked:
                seen.look(image)
            tell(tick / length)
    return seen.levels
