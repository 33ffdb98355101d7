"""What the catalog tells of a take, made from the take's file and its labels."""

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from ..runtime.errors import TeachloopError
from ..runtime.validation import StrictModel
from .hand_path import HandPath, hand_path
from .labels.label_values import Comment
from .labels.labels import LOG, Labels
from .labels.snapshot import Snapshot
from .quality.measures import TakeMeasures, measure
from .takes.reader import Take
from .takes.take_folder import LABELS, TAKE

VERSION = 14  # of the rows and what they tell; a catalog of another one is made again
Value: TypeAlias = str | int | float | bool | list[str] | dict[str, list[str]] | None


class Base(MappedAsDataclass, DeclarativeBase, eq=False, kw_only=True):
    """Tables of the catalog."""


class TakeRow(Base):
    """One take, as its file and labels say."""

    __tablename__ = "takes"
    __table_args__ = ({"sqlite_with_rowid": False},)  # nor an index that may say otherwise

    take_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(default="demonstration")
    task: Mapped[str] = mapped_column(default="")
    instruction: Mapped[str] = mapped_column(default="")
    operator: Mapped[str] = mapped_column(default="")
    taught_by: Mapped[str] = mapped_column(default="")
    replay_of: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")  # format and place; "": recorded here
    assumed: Mapped[list[str]] = mapped_column(JSON, default_factory=list)  # sentences
    robot: Mapped[str] = mapped_column(default="")
    created: Mapped[str] = mapped_column(default="")
    duration_s: Mapped[float] = mapped_column(default=0.0)
    ticks: Mapped[int] = mapped_column(default=0)
    frames: Mapped[int] = mapped_column(default=0)
    cameras: Mapped[list[str]] = mapped_column(JSON, default_factory=list)  # names, in their order
    dropped: Mapped[int] = mapped_column(default=0)
    simulated: Mapped[bool] = mapped_column(default=False)
    interrupted: Mapped[str] = mapped_column(default="")
    damaged: Mapped[str] = mapped_column(default="")
    success: Mapped[bool | None] = mapped_column(default=None)
    partly: Mapped[bool] = mapped_column(default=False)
    deleted: Mapped[bool] = mapped_column(default=False)
    review: Mapped[str] = mapped_column(default="open")
    reviewed_by: Mapped[str] = mapped_column(default="")  # who said so
    reviewed: Mapped[str] = mapped_column(default="")  # when, ISO 8601
    comment: Mapped[str] = mapped_column(default="")
    masks: Mapped[int] = mapped_column(default=0)
    labelled: Mapped[float] = mapped_column(default=0.0)  # share of frames with a target's mask
    confidence: Mapped[float | None] = mapped_column(default=None)  # 0 … 1, mean of these masks
    targets: Mapped[list[str]] = mapped_column(JSON, default_factory=list)  # names of objects
    objects: Mapped[list[str]] = mapped_column(JSON, default_factory=list)  # names of all
    # By object, where it has any
    synonyms: Mapped[dict[str, list[str]]] = mapped_column(JSON, default_factory=dict)
    paraphrases: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    # Names, in their order; "" where one has none
    subtasks: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    revision: Mapped[int] = mapped_column(default=0)
    trimmed: Mapped[bool] = mapped_column(default=False)
    measures: Mapped[str] = mapped_column(default="")  # JSON of TakeMeasures; "": not measured
    path: Mapped[str] = mapped_column(default="")  # JSON of HandPath; "": there is none
    tags: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    note: Mapped[str] = mapped_column(default="")
    take_mark: Mapped[str] = mapped_column(default="")  # size and time of change of take.h5
    label_mark: Mapped[str] = mapped_column(default="")  # and of the edit log
    checksum: Mapped[int] = mapped_column(default=0)  # CRC-32 of all the others

    def to_dict(self) -> dict[str, Value]:
        """Column name -> value, with the checksum of this moment."""
        values = {name: getattr(self, name) for name in _columns()}
        return values | {"checksum": checksum(self)}


def _columns() -> list[str]:
    return TakeRow.__table__.columns.keys()


def checksum(row: TakeRow) -> int:
    """Of what the row says: SQLite does not notice a changed byte in a value."""
    said = [getattr(row, name) for name in _columns() if name != "checksum"]
    return zlib.crc32(json.dumps(said).encode())


def require_row(row: TakeRow | None) -> TakeRow:
    """The row. Raises ValueError unless every value is one that its column may have, and the one
    that was written: SQLite keeps anything anywhere."""
    if row is None:
        raise ValueError("a row without a take")
    for column in TakeRow.__table__.columns:
        value, kind = getattr(row, column.name), column.type
        fits = _is_texts(value) if isinstance(kind, JSON) else isinstance(value, kind.python_type)
        if not fits and not (value is None and column.nullable):
            raise ValueError(f"{column.name} of {row.take_id!r:.60} is {value!r:.60}")
    if row.checksum != checksum(row):
        raise ValueError(f"what is said of {row.take_id!r:.60} is not what was written")
    return row


def _is_texts(value: object) -> bool:
    """Whether these are texts, or texts by name."""
    if isinstance(value, dict):
        return all(isinstance(each, list) and _is_texts(each) for each in value.values())
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def index_take(folder: Path) -> TakeRow:
    """The row of a take's folder; what cannot be read is in ``damaged``."""
    row = TakeRow(take_id=folder.name, take_mark=_mark(folder / TAKE))
    row.label_mark = _mark(folder / LABELS / LOG)
    try:
        _fill_from_take(row, folder)
    except TeachloopError as error:
        row.damaged = str(error)
    try:
        _fill_from_labels(row, Labels.open(folder).snapshot)
    except TeachloopError as error:
        row.damaged = row.damaged or str(error)
    return row


def _fill_from_take(row: TakeRow, folder: Path) -> None:
    with Take.open(folder, damaged_too=True) as take:
        info = take.info
        for name in (
            "kind",
            "task",
            "instruction",
            "operator",
            "taught_by",
            "replay_of",
            "robot",
            "created",
            "duration_s",
            "interrupted",
            "damaged",
        ):
            setattr(row, name, getattr(info, name))
        if info.source is not None:
            row.source = f"{info.source.format}: {info.source.place}"
            row.assumed = list(info.source.assumed)
        row.simulated = bool(info.scene)
        row.cameras = list(info.cameras)
        row.ticks = len(take.actions.time_ns)
        row.frames = sum(len(frames) for frames in take.frames.values())
        row.dropped = sum(frames.dropped for frames in take.frames.values())
        row.measures, row.path = _as_json(take, measure), _as_json(take, hand_path)


def _as_json(take: Take, read: Callable[[Take], StrictModel | None]) -> str:
    """What is read of its content; what cannot be read is for ``check`` to find."""
    try:
        found = read(take)
    except TeachloopError:
        return ""
    return found.model_dump_json() if found is not None else ""


def path_of(row: TakeRow) -> HandPath | None:
    """The path of its hand; None where there is none."""
    return HandPath.model_validate_json(row.path) if row.path else None


def measures_of(row: TakeRow) -> TakeMeasures | None:
    """The figures of its take; None where there are none."""
    return TakeMeasures.model_validate_json(row.measures) if row.measures else None


def _fill_from_labels(row: TakeRow, said: Snapshot) -> None:
    row.revision, row.success, row.deleted = said.revision, said.success, said.deleted
    row.partly = said.partly
    row.review, row.masks = said.review, len(said.masks)
    last = said.comments[-1] if said.comments else Comment(author="", time="", review="open")
    row.reviewed_by, row.reviewed, row.comment = last.author, last.time, last.text
    row.trimmed = said.trim is not None
    row.targets, row.tags, row.note = list(said.targets), list(said.tags), said.note
    row.objects = [label.name for label in said.objects]
    row.synonyms = {name: list(others) for name, others in said.synonyms.items()}
    row.paraphrases = list(said.paraphrases)
    row.subtasks = [segment.text for segment in said.segments]
    if said.instruction is not None:
        row.instruction = said.instruction
    sure = _confidences(said)
    row.labelled = min(1.0, len(sure) / row.frames) if row.frames else 0.0
    row.confidence = sum(sure) / len(sure) if sure else None


def _confidences(said: Snapshot) -> list[float]:
    """Of each frame that has a mask of a target; of any object where no target is named."""
    wanted = said.targets
    places: dict[tuple[str, int], float] = {}
    for (camera, frame, name), record in said.masks.items():
        if name in wanted or not wanted:
            places[camera, frame] = record.confidence
    return list(places.values())


def is_stale(row: TakeRow | None, folder: Path) -> bool:
    """Whether a take or its labels changed since its row was made, or there is none."""
    marks = (_mark(folder / TAKE), _mark(folder / LABELS / LOG))
    return row is None or (row.take_mark, row.label_mark) != marks


def _mark(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"
