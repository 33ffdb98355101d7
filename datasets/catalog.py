"""An index of the takes in a data folder, in SQLite. May be deleted at any time."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Engine, create_engine, delete, event, insert, select
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

from ..runtime.errors import TeachloopError
from .labels.edits import Snapshot
from .labels.labels import LOG, Labels
from .takes.reader import Take
from .takes.take_folder import LABELS, TAKE, TAKES

FILE = "catalog.sqlite"
VERSION = 3  # of the rows and what they tell; another one is made again from the files


class Base(DeclarativeBase):
    """Tables of the catalog."""


class TakeRow(Base):
    """One take, as its file and labels say."""

    __tablename__ = "takes"

    take_id: Mapped[str] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(default="")
    instruction: Mapped[str] = mapped_column(default="")
    operator: Mapped[str] = mapped_column(default="")
    robot: Mapped[str] = mapped_column(default="")
    created: Mapped[str] = mapped_column(default="")
    duration_s: Mapped[float] = mapped_column(default=0.0)
    ticks: Mapped[int] = mapped_column(default=0)
    frames: Mapped[int] = mapped_column(default=0)
    cameras: Mapped[str] = mapped_column(default="")  # names, one a line
    dropped: Mapped[int] = mapped_column(default=0)
    simulated: Mapped[bool] = mapped_column(default=False)
    interrupted: Mapped[str] = mapped_column(default="")
    damaged: Mapped[str] = mapped_column(default="")
    success: Mapped[bool | None] = mapped_column(default=None)
    deleted: Mapped[bool] = mapped_column(default=False)
    review: Mapped[str] = mapped_column(default="open")
    masks: Mapped[int] = mapped_column(default=0)
    targets: Mapped[str] = mapped_column(default="")  # object names, one a line
    revision: Mapped[int] = mapped_column(default=0)
    tags: Mapped[str] = mapped_column(default="")  # one a line
    take_mark: Mapped[str] = mapped_column(default="")  # size and time of change of take.h5
    label_mark: Mapped[str] = mapped_column(default="")  # and of the edit log

    def to_dict(self) -> dict[str, str | int | float | bool | None]:
        """Column name -> value, of those that were set."""
        columns = TakeRow.__table__.columns.keys()
        return {name: value for name, value in vars(self).items() if name in columns}


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh found."""

    changed: int
    removed: int


class Catalog:
    """Rows of takes, kept up with the files by ``refresh``. Use as a context manager."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._takes = data / TAKES
        self._file = data / FILE

    def __enter__(self) -> "Catalog":
        self.data.mkdir(parents=True, exist_ok=True)
        self._engine = _connect(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engine.dispose()

    def refresh(self) -> Refreshed:
        """Index what was added or changed since the last time, and forget what is gone."""
        found = {folder.name: folder for folder in _take_folders(self._takes)}
        with Session(self._engine) as session:
            known = {row.take_id: row for row in session.scalars(select(TakeRow))}
        gone = set(known) - set(found)
        stale = [folder for name, folder in found.items() if _stale(known.get(name), folder)]
        if gone or stale:
            self._store([index_take(folder) for folder in stale], gone)
        return Refreshed(len(stale), len(gone))

    def _store(self, rows: Sequence[TakeRow], gone: Collection[str]) -> None:
        """Replace whole rows: another process may have indexed the same takes."""
        replace = insert(TakeRow).prefix_with("OR REPLACE")
        with _writing(self._engine) as connection:
            connection.execute(delete(TakeRow).where(TakeRow.take_id.in_(gone)))
            for row in rows:
                connection.execute(replace, row.to_dict())

    def takes(self, *, deleted: bool = False) -> Sequence[TakeRow]:
        """Rows of the takes that are (not) in the bin, the newest first."""
        query = select(TakeRow).where(TakeRow.deleted == deleted)
        with Session(self._engine) as session:
            rows = session.scalars(query.order_by(TakeRow.take_id.desc())).all()
            session.expunge_all()
        return rows

    def folder(self, take_id: str) -> Path:
        """Where a take lies."""
        return self._takes / take_id


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
            "task",
            "instruction",
            "operator",
            "robot",
            "created",
            "duration_s",
            "interrupted",
            "damaged",
        ):
            setattr(row, name, getattr(info, name))
        row.simulated = bool(info.scene)
        row.cameras = "\n".join(info.cameras)
        row.ticks = len(take.actions.time_ns)
        row.frames = sum(len(frames) for frames in take.frames.values())
        row.dropped = sum(frames.dropped for frames in take.frames.values())


def _fill_from_labels(row: TakeRow, said: Snapshot) -> None:
    row.revision, row.success, row.deleted = said.revision, said.success, said.deleted
    row.review, row.masks = said.review, len(said.masks)
    row.targets, row.tags = "\n".join(said.targets), "\n".join(said.tags)
    if said.instruction is not None:
        row.instruction = said.instruction


def _take_folders(takes: Path) -> Iterator[Path]:
    return (path for path in takes.glob("*") if (path / TAKE).is_file())


def _stale(row: TakeRow | None, folder: Path) -> bool:
    marks = (_mark(folder / TAKE), _mark(folder / LABELS / LOG))
    return row is None or (row.take_mark, row.label_mark) != marks


def _mark(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"


def _connect(file: Path) -> Engine:
    """Open the catalog; one that is damaged or of another version is made again."""
    try:
        return _open(file)
    except OperationalError:
        raise  # locked or not writable: its content is not at fault
    except DatabaseError:
        _remove(file)
        return _open(file)


def _open(file: Path) -> Engine:
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    with _writing(engine) as connection:
        if connection.exec_driver_sql("PRAGMA user_version").scalar() != VERSION:
            Base.metadata.drop_all(connection)
            Base.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    return engine


def _writing(engine: Engine) -> AbstractContextManager[Connection]:
    """A transaction that waits for other writers when it begins, not halfway through."""
    return engine.execution_options(writes=True).begin()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _set_pragmas(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # sqlite3 must not begin transactions of its own
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _remove(file: Path) -> None:
    for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        path.unlink(missing_ok=True)
