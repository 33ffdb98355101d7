"""The list of takes of a data folder, in SQLite: an index, which may be deleted at any time."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from .catalog_file import DAMAGED, connect, made_again, usable, writing
from .catalog_indexing import index_takes
from .catalog_rows import TakeRow, is_stale, require_row
from .takes.take_folder import TAKES, take_folders
from .takes.trash import bring_back

FILE = "catalog.sqlite"
IN_MEMORY = Path(":memory:")  # as SQLite names it
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh found."""

    changed: int
    removed: int


class Catalog:
    """Rows of takes, kept up with the files by ``refresh``. Use as a context manager.

    Where the file turns out to be damaged, it is made again; raises CatalogUnusable where it can
    be neither read nor written.
    """

    def __init__(self, data: Path, file: Path | None = None) -> None:
        """``file``: instead of the data folder's."""
        self.data = data
        self._takes = data / TAKES
        self._file = file or data / FILE

    def __enter__(self) -> "Catalog":
        with usable(self._file):
            self.data.mkdir(parents=True, exist_ok=True)
            self._engine = connect(self._file)
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
        bring_back(self.data)
        return self._mending(self._refresh)

    def _mending(self, do: Callable[[], Found]) -> Found:
        """Once more, of a new file, where the content of the old one is none of ours."""
        with usable(self._file):
            try:
                return do()
            except OperationalError:
                raise  # locked or not writable: its content is not at fault
            except DAMAGED:
                self._engine.dispose()
                self._engine = made_again(self._file)
                self._refresh()
                return do()

    def _refresh(self) -> Refreshed:
        found = {folder.name: folder for folder in take_folders(self._takes)}
        with Session(self._engine) as session:
            known = {row.take_id: require_row(row) for row in session.scalars(select(TakeRow))}
        gone = set(known) - set(found)
        stale = [folder for name, folder in found.items() if is_stale(known.get(name), folder)]
        if gone or stale:
            self._store(index_takes(stale), gone)
        return Refreshed(len(stale), len(gone))

    def _store(self, rows: Sequence[TakeRow], gone: Collection[str]) -> None:
        """Replace whole rows: another process may have indexed the same takes."""
        replace = insert(TakeRow).prefix_with("OR REPLACE")
        with writing(self._engine) as connection:
            connection.execute(delete(TakeRow).where(TakeRow.take_id.in_(gone)))
            for row in rows:
                connection.execute(replace, row.to_dict())

    def takes(self, *, deleted: bool | None = False) -> Sequence[TakeRow]:
        """Rows of the takes that are (not) in the bin, the newest first; None: of all."""
        return self._mending(lambda: self._rows(deleted))

    def _rows(self, deleted: bool | None) -> Sequence[TakeRow]:
        query = select(TakeRow).order_by(TakeRow.take_id.desc())
        if deleted is not None:
            query = query.where(TakeRow.deleted == deleted)
        with Session(self._engine) as session:
            rows = session.scalars(query).all()
            session.expunge_all()
        return [require_row(row) for row in rows]
