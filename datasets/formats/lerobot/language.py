"""Other words and sub-tasks as LeRobot reads them from 0.6 on: at each frame the same rows, which
say from when on something is said."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .features import EVENTS, PERSISTENT
from .piece import EpisodeNote

JSON = pa.json_() if hasattr(pa, "json_") else pa.string()
ROW = [
    pa.field("role", pa.string(), nullable=False),
    pa.field("content", pa.string()),
    pa.field("style", pa.string()),
    pa.field("camera", pa.string()),
    pa.field("tool_calls", pa.list_(JSON)),
]
TIMED_ROW = [*ROW[:3], pa.field("timestamp", pa.float32(), nullable=False), *ROW[3:]]
TYPES: dict[str, pa.DataType] = {
    PERSISTENT: pa.list_(pa.struct(TIMED_ROW)),
    EVENTS: pa.list_(pa.struct(ROW)),
}
Row = dict[str, str | float | None]


def language_columns(
    note: EpisodeNote, subtask: NDArray[np.int64], rate_hz: int
) -> dict[str, pa.Array]:
    """Both columns of an episode; ``subtask`` (T,) is the index into its sub-tasks."""
    rows = [*_wordings(note), *_subtasks(note, subtask, rate_hz)]
    said = {PERSISTENT: rows, EVENTS: []}
    return {name: pa.array([each] * note.length, TYPES[name]) for name, each in said.items()}


def _wordings(note: EpisodeNote) -> list[Row]:
    texts = dict.fromkeys([note.instruction, *note.paraphrases]) if note.paraphrases else ()
    return [_row("user", text, "task_aug", 0.0) for text in texts]


def _subtasks(note: EpisodeNote, subtask: NDArray[np.int64], rate_hz: int) -> list[Row]:
    """One at each tick from which on another sub-task is done."""
    begins = np.flatnonzero(np.diff(subtask, prepend=-1)).tolist()
    texts = [(tick, note.subtasks[subtask[tick]]) for tick in begins]
    return [_row("assistant", text, "subtask", tick / rate_hz) for tick, text in texts if text]


def _row(role: str, content: str, style: str, timestamp: float) -> Row:
    return {
        "role": role,
        "content": content,
        "style": style,
        "timestamp": timestamp,
        "camera": None,
        "tool_calls": None,
    }
