"""The catalog's SQLite file: shared by processes, and made again where it is damaged."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from ..runtime.errors import TeachloopError
from .catalog_rows import VERSION, Base, TakeRow

# What SQLite, SQLAlchemy and we raise on content that is not what was written
DAMAGED = (DatabaseError, ValueError, TypeError, AttributeError, LookupError)


class CatalogUnusable(TeachloopError):
    """The system does not let the catalog be read or written; its content is not at fault."""

    def __init__(self, file: Path, reason: object) -> None:
        super().__init__(
            f"{file} cannot be used: {reason}. It is only an index of the takes: see that it can "
            "be read and written, or remove it, and it is made again."
        )


@contextmanager
def usable(file: Path) -> Iterator[None]:
    """Raise CatalogUnusable for what the system refuses."""
    try:
        yield
    except OperationalError as error:
        raise CatalogUnusable(file, error.orig) from error
    except OSError as error:
        raise CatalogUnusable(file, error.strerror) from error


def connect(file: Path) -> Engine:
    """Open the catalog; one that is damaged or of another version is made again."""
    try:
        return _open(file)
    except OperationalError:
        raise  # locked or not writable: its content is not at fault
    except DAMAGED:
        return made_again(file)


def made_again(file: Path) -> Engine:
    """A new and empty one in its place."""
    _remove(file)
    return _open(file)


def _open(file: Path) -> Engine:
    url = URL.create("sqlite", database=str(file))  # a path is no text of a URL
    engine = create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    with writing(engine) as connection:
        if not _is_ours(connection):
            Base.metadata.drop_all(connection)
            Base.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    return engine


def _is_ours(connection: Connection) -> bool:
    """Whether its version and its columns are those of this program."""
    version = connection.exec_driver_sql("PRAGMA user_version").scalar()
    columns = connection.exec_driver_sql(f"PRAGMA table_info({TakeRow.__tablename__})").all()
    wanted = TakeRow.__table__.columns.keys()
    return version == VERSION and [column[1] for column in columns] == wanted


def writing(engine: Engine) -> AbstractContextManager[Connection]:
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
