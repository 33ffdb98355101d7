"""What a LeRobotDataset says of itself, and where the rows and pictures of each episode lie.

Paths are made of numbers and of checked names alone, as LeRobot makes them; what a data set says of
its own paths is not followed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.parquet as parquet
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from ....runtime.text import one_line
from ....runtime.validation import explain, shown
from ...labels.masks import MAX_SIDE
from ...tasks import LONGEST
from ..imported.episode import EpisodeRefused
from ..pictures import NoSuchSet
from .libraries import INFO

PICTURES = "observation.images."
MOST_BYTES = 64 << 20  # of a file of texts
MOST_ROWS = 1_000_000  # of the table of episodes, or of an episode
FILES_OF_A_CHUNK = 1000
Row = Mapping[str, Any]


class Feature(BaseModel):
    """A column, or a camera."""

    model_config = ConfigDict(frozen=True)

    dtype: str
    shape: tuple[Annotated[int, Field(ge=0, le=MAX_SIDE)], ...]
    names: JsonValue = None
    info: dict[str, JsonValue] | None = None

    @property
    def is_picture(self) -> bool:
        return self.dtype in ("video", "image")

    @property
    def is_depth(self) -> bool:
        """Of pictures: grey ones, of no known unit."""
        told = self.info or {}
        return bool(told.get("is_depth_map") or told.get("video.is_depth_map"))

    @property
    def named(self) -> list[str]:
        """What its numbers are called, in their order; empty where nothing is said."""
        names = self.names
        if isinstance(names, dict):  # of one group, such as {"motors": [...]}
            names = next((each for each in names.values() if isinstance(each, list)), None)
        return [str(each) for each in names] if isinstance(names, list) else []


class Info(BaseModel):
    """The part of ``meta/info.json`` that is relied on."""

    model_config = ConfigDict(frozen=True)

    codebase_version: Literal["v2.0", "v2.1", "v3.0"]
    fps: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
    robot_type: str | None = None
    features: Annotated[dict[str, Feature], Field(max_length=1000)]
    chunks_size: Annotated[int, Field(gt=0, le=1_000_000)] = FILES_OF_A_CHUNK


@dataclass(frozen=True, slots=True)
class Clip:
    """Where an episode's pictures lie in a video."""

    path: Path
    begins_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One episode, as the data set lists it."""

    index: int
    length: int
    tasks: tuple[str, ...]
    rows: Path  # of its numbers
    clips: Mapping[str, Clip]  # by the name of a camera's feature
    said: Row  # all columns of its row


class Dataset:
    """A data set's folder. Raises NoSuchSet where it is none that can be read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.info = _info(root)
        for key in self.info.features:
            if "/" in key or "\\" in key or ".." in key or "\0" in key:
                raise NoSuchSet(f"{root} names a feature {key!a:.60}, which is no name.")

    @property
    def cameras(self) -> Mapping[str, Feature]:
        """Of the features that are pictures of colours."""
        features = self.info.features.items()
        return {key: each for key, each in features if each.is_picture and not each.is_depth}

    @property
    def depths(self) -> list[str]:
        return [key for key, each in self.info.features.items() if each.is_depth]

    def episodes(self) -> list[Listed]:
        """In their order. Raises NoSuchSet."""
        newest = self.info.codebase_version == "v3.0"
        try:
            rows = [*(self._tables("meta/episodes") if newest else self._lines("episodes"))]
            return [self._v3(row) if newest else self._v2(row) for row in rows]
        except (KeyError, TypeError, ValueError, OSError, pa.ArrowException) as error:
            raise NoSuchSet(
                f"{self.root} does not list its episodes as LeRobot does: {in_words(error)}."
            ) from error

    def about(self) -> Mapping[str, JsonValue]:
        """What teachloop says of its own export; empty for one of others."""
        path = self.root / "meta/teachloop.json"
        found = _json(path) if path.is_file() else {}
        return found if isinstance(found, dict) else {}

    @property
    def is_own(self) -> bool:
        """Whether teachloop exported it."""
        return "embodiment" in self.about()

    def subtasks(self) -> list[str]:
        """By their number; none where none are named. Raises EpisodeRefused."""
        path = self.root / "meta/subtasks.parquet"
        if not path.is_file():
            return []
        try:
            found = {int(row["subtask_index"]): str(row["subtask"]) for row in _table(path)}
        except (KeyError, TypeError, ValueError, OSError, pa.ArrowException) as error:
            reason = type(error).__name__
            raise EpisodeRefused(f"subtasks.parquet names none ({reason}).") from error
        count = min(MOST_ROWS, max(found, default=-1) + 1)
        return [found.get(number, "") for number in range(count)]

    def _v3(self, row: Row) -> Listed:
        data = f"data/chunk-{_count(row, 'data/chunk_index'):03d}"
        clips = {}
        for key in self._videos():
            name = f"videos/{key}"
            chunk, file = (_count(row, f"{name}/{each}_index") for each in ("chunk", "file"))
            path = self.root / name / f"chunk-{chunk:03d}" / f"file-{file:03d}.mp4"
            clips[key] = Clip(path, _seconds(row, f"{name}/from_timestamp"))
        return Listed(
            index=_count(row, "episode_index"),
            length=_count(row, "length"),
            tasks=instructions_in(row.get("tasks")),
            rows=self.root / data / f"file-{_count(row, 'data/file_index'):03d}.parquet",
            clips=clips,
            said=row,
        )

    def _v2(self, row: Row) -> Listed:
        index = _count(row, "episode_index")
        chunk, name = f"chunk-{index // self.info.chunks_size:03d}", f"episode_{index:06d}"
        clips = {
            key: Clip(self.root / "videos" / chunk / key / f"{name}.mp4", 0.0)
            for key in self._videos()
        }
        return Listed(
            index=index,
            length=_count(row, "length"),
            tasks=instructions_in(row.get("tasks")),
            rows=self.root / "data" / chunk / f"{name}.parquet",
            clips=clips,
            said=row,
        )

    def _videos(self) -> list[str]:
        return [key for key, each in self.cameras.items() if each.dtype == "video"]

    def _tables(self, folder: str) -> Iterator[Row]:
        for path in sorted((self.root / folder).glob("chunk-*/file-*.parquet")):
            yield from _table(path, but="stats/")

    def _lines(self, name: str) -> Iterator[Row]:
        path = self.root / "meta" / f"{name}.jsonl"
        for line in _bytes(path).decode().splitlines():
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"a line of {path.name} is no map")
            yield row


def _info(root: Path) -> Info:
    found = _json(root / INFO)
    try:
        return Info.model_validate(found)
    except ValidationError as error:
        words = explain(error.errors())
        raise NoSuchSet(f"{root / INFO} is not of a LeRobotDataset v3.0 or v2.1: {words}") from None


def _json(path: Path) -> JsonValue:
    """Raises NoSuchSet."""
    try:
        return json.loads(_bytes(path))
    except (OSError, ValueError, RecursionError) as error:
        raise NoSuchSet(f"{path} cannot be read ({type(error).__name__}).") from error


def _bytes(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path.name} is no file, or has more than {MOST_BYTES >> 20} MiB")
    return path.read_bytes()


def _table(path: Path, but: str = "") -> list[Row]:
    """Its rows without the columns whose names begin so."""
    if not path.is_file():
        raise ValueError(f"{path.name} is no file")
    with parquet.ParquetFile(path) as file:
        if file.metadata.num_rows > MOST_ROWS:
            raise ValueError(f"{path.name} has {file.metadata.num_rows} rows")
        names = [name for name in file.schema_arrow.names if not but or not name.startswith(but)]
        return file.read(columns=names).to_pylist()


def _count(row: Row, name: str) -> int:
    value = row[name]
    if not isinstance(value, int) or not 0 <= value <= MOST_ROWS:
        raise ValueError(f"{name} is {shown(value)}")
    return value


def _seconds(row: Row, name: str) -> float:
    value = row[name]
    if not isinstance(value, float) or not 0 <= value <= MOST_ROWS:
        raise ValueError(f"{name} is {shown(value)}")
    return value


def in_words(error: Exception) -> str:
    """What a reader of a file made of it."""
    if isinstance(error, KeyError):
        return f"it lacks {error!s:.100}"
    return "a value is of another type" if isinstance(error, TypeError) else f"{error!s:.200}"


def instructions_in(values: object) -> tuple[str, ...]:
    """Those that can be instructions, once each."""
    given = values if isinstance(values, list) else []
    lines = [one_line(each) for each in given if isinstance(each, str)]
    return tuple(dict.fromkeys(line for line in lines if 0 < len(line) <= LONGEST))
