"""The catalog's SQLite file: shared by processes, and made again where it is damaged."""

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from .catalog_rows import VERSION, Base


def connect(file: Path) -> Engine:
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
    with writing(engine) as connection:
        if connection.exec_driver_sql("PRAGMA user_version").scalar() != VERSION:
            Base.metadata.drop_all(connection)
            Base.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    return engine


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
