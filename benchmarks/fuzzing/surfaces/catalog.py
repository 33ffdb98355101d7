"""The catalog's file, and data folders in which things lie that nobody put there."""

import os
import shutil
from pathlib import Path

from teachloop.app.web.take_list import TakeList
from teachloop.datasets.catalog import Catalog
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.take_folder import find_take
from teachloop.recorder.writer.archive import Archive
from teachloop.recorder.writer.messages import Ending
from teachloop.runtime.errors import TeachloopError

from ..hostile import TEXTS
from ..mutators import Mutator
from ..samples import TAKE_ID, label, record
from ..surface import Accepted

FILE = "catalog.sqlite"
PLACES = (
    "takes",
    "takes/odd",
    "takes/odd/take.h5",
    f"takes/{TAKE_ID}/labels",
    "bin",
    "bin/takes",
    "bin/takes/odd",
    f"takes/{TAKE_ID}/take.h5",
    f"takes/{TAKE_ID}/labels/edits.jsonl",
    f"takes/{TAKE_ID}/labels/snapshot.json",
    f"takes/{TAKE_ID}/take.h5.partial",
    f"takes/{TAKE_ID}/take.h5.new",
    f"takes/{TAKE_ID}/writing.lock",
    f"bin/takes/{TAKE_ID}/take.h5",
    "catalog.sqlite-wal",
    "catalog.sqlite-shm",
    "takes/a b/take.h5",
    "takes/\udcff/take.h5",
    "takes/…/take.h5",
    "takes/x%2f/take.h5",
)


class CatalogFile:
    """One take and its catalog, made anew for each input."""

    def __init__(self, folder: Path) -> None:
        self._good = folder / "good"
        label(record(self._good))
        with Catalog(self._good) as catalog:
            catalog.refresh()
        self._file = (self._good / FILE).read_bytes()
        self._data = folder / "data"

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._data, ignore_errors=True)
        shutil.copytree(self._good, self._data)
        whole = m.chance(0.6)
        if whole:
            self._other_file(m)
        else:
            self._odd_things(m)
        try:
            return self._use(m, whole)
        except TeachloopError as error:
            return str(error)

    def _other_file(self, m: Mutator) -> None:
        for end in ("-wal", "-shm"):
            (self._data / f"{FILE}{end}").unlink(missing_ok=True)
        (self._data / FILE).write_bytes(m.changed(self._file))
        if m.chance(0.2):
            (self._data / f"{FILE}-wal").write_bytes(m.draw.randbytes(4096))

    def _odd_things(self, m: Mutator) -> None:
        """Folders for files, files for folders, links, pipes, empty files, other bytes."""
        for _ in range(1 + m.below(3)):
            path = self._data / m.draw.choice(PLACES)
            try:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                path.unlink(missing_ok=True)
                path.parent.mkdir(parents=True, exist_ok=True)
                self._put(m, path)
            except OSError:  # it lies in a file or in a link to itself
                continue

    def _put(self, m: Mutator, path: Path) -> None:
        how = m.below(6)
        if how == 0:
            path.mkdir()
        elif how == 5:
            os.mkfifo(path)
        elif how == 1:
            path.symlink_to(m.draw.choice(("nowhere", path.name, ".", "/dev/null")))
        else:
            path.write_bytes(m.changed(self._file[:2000]) if how > 2 else b"")

    def _use(self, m: Mutator, whole: bool) -> str:
        rows = TakeList(self._data).rows()
        if whole and [row.id for row in rows] != [TAKE_ID]:
            raise Accepted(f"a damaged catalog hides takes: {[row.id for row in rows]}")
        check(self._data)
        archive = Archive(self._data)
        archive.open()
        archive.newest().model_dump_json()
        given = TAKE_ID if m.chance(0.7) else m.draw.choice(TEXTS)
        folder = find_take(self._data, given)
        if not os.path.realpath(folder).startswith(os.path.realpath(self._data)):
            raise Accepted("a take's id leads out of the folder")
        archive.mark(given, Ending(success=m.chance(0.5)))
        archive.discard(given)
        archive.restore(given)
        archive.keep(given, Ending(success=True))
        archive.newest()
        return ""


SURFACE = CatalogFile
