"""Other words and sub-tasks as LeRobot reads them from 0.6 on: at each frame the same rows, which
say from when on something is said."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..episodes.pieces import EpisodeNote
from .features import EVENTS, PERSISTENT

PLAIN, JSON = pa.string(), (pa.json_() if hasattr(pa, "json_") else pa.string())
Row = dict[str, str | float | None]


def language_type(name: str, json_type: pa.DataType = JSON) -> pa.DataType:
    """Of one of both columns; its calls of tools, of which there are none here, are JSON."""
    fields = [
        pa.field("role", pa.string(), nullable=False),
        pa.field("content", pa.string()),
        pa.field("style", pa.string()),
        pa.field("camera", pa.string()),
        pa.field("tool_calls", pa.list_(json_type)),
    ]
    if name == PERSISTENT:
        fields.insert(3, pa.field("timestamp", pa.float32(), nullable=False))
    return pa.list_(pa.struct(fields))


def language_columns(
    note: EpisodeNote, subtask: NDArray[np.int64], rate_hz: int
) -> dict[str, pa.Array]:
    """Both columns of an episode; ``subtask`` (T,) is the index into its sub-tasks."""
    rows = [*_wordings(note), *_subtasks(note, subtask, rate_hz)]
    said = {PERSISTENT: rows, EVENTS: []}
    return {name: _column(name, each, note.length) for name, each in said.items()}


def _column(name: str, rows: list[Row], length: int) -> pa.Array:
    """The same rows so many times; Arrow makes JSON of nothing but text."""
    return pa.array([rows] * length, language_type(name, PLAIN)).cast(language_type(name))


def _wordings(note: EpisodeNote) -> list[Row]:
    texts = dict.fromkeys([note.instruction, *note.paraphrases]) if note.paraphrases else ()
    return [_row("user", text, "task_aug", 0.0) for text in texts]


def _subtasks(note: EpisodeNote, subtask: NDArray[np.int64], rate_hz: int) -> list[Row]:
    """One at each tick from which on another sub-task is done, or, as an empty one, none is: a row
    holds until the next one."""
    begins = np.flatnonzero(np.diff(subtask, prepend=0)).tolist()
    texts = [(tick, note.subtasks[subtask[tick]]) for tick in begins]
    return [_row("assistant", text, "subtask", tick / rate_hz) for tick, text in texts]


def _row(role: str, content: str, style: str, timestamp: float) -> Row:
    return {
        "role": role,
        "content": content,
        "style": style,
        "timestamp": timestamp,
        "camera": None,
        "tool_calls": None,
    }
