"""The pieces of all takes as one data set: columns and videos behind each other, what is said of
each episode, and the figures of all."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .episode_rows import EpisodeRows, EpisodeWhere
from .features import LANGUAGE, columns_of
from .files import (
    DATA,
    DATA_MB,
    MASKS,
    SUBTASKS,
    TASKS,
    VIDEO_MB,
    FilePlace,
    video_key,
    video_template,
)
from .language import language_columns, language_type
from .masks import SCHEMA as MASK_SCHEMA
from .piece import Columns, LeRobotPiece
from .plan import LeRobotPlan
from .statistics import Colours, Histograms, Moments, Stats, episode_stats
from .tables import ParquetFiles, frame_schema, frame_table, write_texts
from .video import VideoFiles

MB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large files become at most."""

    data_mb: int = DATA_MB
    video_mb: int = VIDEO_MB


class Assembly:
    """Adds one piece after another to a data set. Use as a context manager; what it writes is whole
    after it."""

    def __init__(
        self, root: Path, plan: LeRobotPlan, pieces: Sequence[LeRobotPiece], limits: Limits
    ) -> None:
        self._root, self._plan, self._limits = root, plan, limits
        self._tasks = list(dict.fromkeys(piece.note.instruction for piece in pieces))
        named = dict.fromkeys(text for piece in pieces for text in piece.note.subtasks)
        self._subtasks = list(dict.fromkeys(["", *named]))
        self._columns = columns_of(plan, self.has_subtasks)
        self._frames = self._episodes = 0
        self._moments: dict[str, Moments] = {}
        self._colours = {camera: Colours.none() for camera in plan.sizes}

    @property
    def has_subtasks(self) -> bool:
        return len(self._subtasks) > 1

    @property
    def frames(self) -> int:
        return self._frames

    @property
    def tasks(self) -> int:
        """How many different ones there are."""
        return len(self._tasks)

    def __enter__(self) -> "Assembly":
        plan = self._plan
        texts = LANGUAGE if plan.options.language_columns else ()
        self._schema = frame_schema(self._columns, {name: language_type(name) for name in texts})
        with ExitStack() as opened:
            data = ParquetFiles(self._root, DATA, self._schema, self._limits.data_mb * MB)
            self._data = opened.enter_context(data)
            videos = {
                camera: VideoFiles(self._root, video_template(camera), plan.rate_hz)
                for camera in plan.sizes
            }
            self._videos = {name: opened.enter_context(each) for name, each in videos.items()}
            masks = ParquetFiles(self._root, MASKS, MASK_SCHEMA, self._limits.data_mb * MB)
            self._masks = opened.enter_context(masks)
            rows = EpisodeRows(self._root, plan, self._columns, self._limits.data_mb * MB)
            self._rows = opened.enter_context(rows)
            write_texts(self._root / TASKS, "task", self._tasks)
            if self.has_subtasks:
                write_texts(self._root / SUBTASKS, "subtask", self._subtasks)
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def add(self, piece: LeRobotPiece) -> None:
        columns = self._numbered(piece, piece.columns())
        place = self._write(piece, columns)
        stats = {name: episode_stats(rows) for name, rows in columns.items()}
        for name, rows in columns.items():
            self._look(name, Moments.of(rows))
        self._write_masks(piece)
        videos = {camera: self._append(piece, camera) for camera in self._plan.sizes}
        for camera in self._plan.sizes:
            colours = piece.colours(camera)
            stats[video_key(camera)] = colours.stats()
            self._colours[camera].add(colours)
        where = EpisodeWhere(self._episodes, self._frames, place, videos)
        self._rows.add(piece.note, piece.calibrations(), where, stats)
        self._frames += piece.note.length
        self._episodes += 1

    def _numbered(self, piece: LeRobotPiece, columns: Columns) -> Columns:
        """The columns that the data set has (T, n), with where each frame lies in it."""
        note, frame = piece.note, np.arange(piece.note.length)
        known = np.array([self._subtasks.index(text) for text in note.subtasks])
        all_columns = {
            **columns,
            "subtask_index": known[columns["subtask_index"]],
            "timestamp": _column((frame / self._plan.rate_hz).astype(np.float32)),
            "frame_index": _column(frame),
            "episode_index": _column(np.full_like(frame, self._episodes)),
            "index": _column(frame + self._frames),
            "task_index": _column(np.full_like(frame, self._tasks.index(note.instruction))),
        }
        return {name: all_columns[name] for name in self._columns}

    def _write(self, piece: LeRobotPiece, columns: Columns) -> FilePlace:
        texts = {}
        if self._plan.options.language_columns:
            subtask = piece.columns()["subtask_index"][:, 0]
            texts = language_columns(piece.note, subtask, self._plan.rate_hz)
        table = frame_table(self._schema, columns, texts)
        place = self._data.place_for(table.nbytes)
        self._data.write(table)
        return place

    def _write_masks(self, piece: LeRobotPiece) -> None:
        table = piece.masks(self._episodes)
        if len(table):
            self._masks.place_for(table.nbytes)
            self._masks.write(table)

    def _append(self, piece: LeRobotPiece, camera: str) -> tuple[FilePlace, float]:
        full_bytes = self._limits.video_mb * MB
        return self._videos[camera].add(piece.video(camera), piece.note.length, full_bytes)

    def _look(self, name: str, moments: Moments) -> None:
        if name in self._moments:
            self._moments[name].add(moments)
        else:
            self._moments[name] = moments

    def stats(self, pieces: Sequence[LeRobotPiece], tell: Callable[[], None]) -> dict[str, Stats]:
        """Of all that was added; what is stored of each piece is gone through once more."""
        ends = {name: Histograms(each.low, each.high) for name, each in self._moments.items()}
        self._frames = self._episodes = 0
        for piece in pieces:
            for name, rows in self._numbered(piece, piece.columns()).items():
                ends[name].add(rows)
            self._frames += piece.note.length
            self._episodes += 1
            tell()
        numbers = {
            name: {**each.stats(), **ends[name].quantiles()} for name, each in self._moments.items()
        }
        pictures = {video_key(camera): each.stats() for camera, each in self._colours.items()}
        return {**numbers, **pictures}


def _column(values: NDArray) -> NDArray:
    return values[:, None]
