"""What the data set says of each episode: `meta/episodes`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..episodes.pieces import EpisodeNote
from .features import Feature
from .files import EPISODES, FilePlace, video_key
from .plan import LeRobotPlan
from .statistics import SHARES, Stats
from .tables import ParquetFiles

GATHERED = 100  # rows of a group
NAMES = ("min", "max", "mean", "std", "count", *SHARES)
TEXTS = pa.list_(pa.string())
BYTES_OF_A_NUMBER = 8


@dataclass(frozen=True, slots=True)
class EpisodeWhere:
    """Where an episode lies in the data set."""

    index: int
    first_frame: int
    data: FilePlace
    videos: Mapping[str, tuple[FilePlace, float]]  # by camera; from which second on


class EpisodeRows:
    """A row for each episode. Use as a context manager."""

    def __init__(
        self, root: Path, plan: LeRobotPlan, columns: Mapping[str, Feature], full_bytes: int
    ) -> None:
        self._plan = plan
        self._schema = _schema(plan, columns)
        self._files = ParquetFiles(root, EPISODES, self._schema, full_bytes)
        self._rows: list[dict[str, Any]] = []

    def __enter__(self) -> "EpisodeRows":
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None and self._rows:
            self._flush()
        self._files.__exit__()

    def add(
        self, note: EpisodeNote, calibrations: str, where: EpisodeWhere, stats: Mapping[str, Stats]
    ) -> None:
        self._rows.append(
            {
                **_said(note),
                "calibrations": calibrations,
                **_placed(note, where, self._plan.rate_hz),
                **{
                    f"stats/{feature}/{name}": values.tolist()
                    for feature, found in stats.items()
                    for name, values in found.items()
                },
            }
        )
        if len(self._rows) == GATHERED:
            self._flush()

    def _flush(self) -> None:
        place = self._files.place_for(len(self._rows) * len(self._schema) * BYTES_OF_A_NUMBER)
        own = {"meta/episodes/chunk_index": place.chunk, "meta/episodes/file_index": place.file}
        rows = [{**row, **own} for row in self._rows]
        self._files.write(pa.Table.from_pylist(rows, self._schema))
        self._rows.clear()


def _said(note: EpisodeNote) -> dict[str, Any]:
    return {
        "tasks": [note.instruction],
        "length": note.length,
        "take": note.take,
        "success": note.success,
        "paraphrases": note.paraphrases,
        "operator": note.operator,
    }


def _placed(note: EpisodeNote, where: EpisodeWhere, rate_hz: int) -> dict[str, Any]:
    placed: dict[str, Any] = {
        "episode_index": where.index,
        "dataset_from_index": where.first_frame,
        "dataset_to_index": where.first_frame + note.length,
        "data/chunk_index": where.data.chunk,
        "data/file_index": where.data.file,
    }
    for camera, (place, begins_s) in where.videos.items():
        key = f"videos/{video_key(camera)}"
        placed |= {
            f"{key}/chunk_index": place.chunk,
            f"{key}/file_index": place.file,
            f"{key}/from_timestamp": begins_s,
            f"{key}/to_timestamp": begins_s + note.length / rate_hz,
        }
    return placed


def _schema(plan: LeRobotPlan, columns: Mapping[str, Feature]) -> pa.Schema:
    fields = {
        "episode_index": pa.int64(),
        "tasks": TEXTS,
        "length": pa.int64(),
        "take": pa.string(),
        "success": pa.bool_(),
        "paraphrases": TEXTS,
        "calibrations": pa.string(),
        **({"operator": pa.string()} if plan.options.operators else {}),
        "data/chunk_index": pa.int64(),
        "data/file_index": pa.int64(),
        "dataset_from_index": pa.int64(),
        "dataset_to_index": pa.int64(),
    }
    for key in map(video_key, plan.sizes):
        fields |= {f"videos/{key}/{name}_index": pa.int64() for name in ("chunk", "file")}
        fields |= {f"videos/{key}/{name}_timestamp": pa.float64() for name in ("from", "to")}
    numbers, pictures = pa.list_(pa.float64()), pa.list_(pa.list_(pa.list_(pa.float64())))
    for features, kind in ((columns, numbers), (map(video_key, plan.sizes), pictures)):
        for feature in features:
            fields |= {f"stats/{feature}/{name}": _stat(name, kind) for name in NAMES}
    own = {f"meta/episodes/{name}_index": pa.int64() for name in ("chunk", "file")}
    return pa.schema([*fields.items(), *own.items()])


def _stat(name: str, kind: pa.DataType) -> pa.DataType:
    return pa.list_(pa.int64()) if name == "count" else kind
