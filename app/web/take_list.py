"""All takes in one list, the newest first: the catalog's rows, and how well each is labelled."""

import os
import threading
from pathlib import Path
from typing import Any

from ...datasets.catalog import Catalog, TakeRow, index_take
from ...datasets.errors import NoSuchTake
from ...datasets.labels.edits import Snapshot
from ...datasets.labels.labels import Labels
from ...datasets.takes.take_folder import TAKE, TAKES
from ...datasets.takes.trash import put_in_bin, take_out_of_bin
from ...runtime.errors import TeachloopError
from ...runtime.ids import checked_id

Row = dict[str, Any]


class TakeList:
    """Safe to use from several threads."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.takes = data / TAKES
        self.bin = data / "bin" / TAKES
        self._lock = threading.Lock()
        self._labelled: dict[str, tuple[str, Row]] = {}
        self._binned: dict[str, TakeRow] = {}

    def rows(self) -> list[Row]:
        """Finished takes; ``number`` counts them in the order in which they were recorded."""
        with self._lock:
            kept = self._kept()
            rows = [self._row(row, self.takes, row.deleted) for row in kept]
            rows += [self._row(row, self.bin, True) for row in self._in_bin()]
        rows.sort(key=lambda row: row["id"])
        return [{**row, "number": number} for number, row in enumerate(rows, start=1)][::-1]

    def put_in_bin(self, take_id: str, author: str) -> None:
        """Mark as deleted; nothing is removed from the disk. Raises NoSuchTake."""
        put_in_bin(self._folder(self.takes, take_id), author)

    def restore(self, take_id: str, author: str) -> None:
        """Out of the bin, whether it was marked or moved there. Raises NoSuchTake."""
        binned = self.bin / checked_id(take_id)
        if binned.is_dir():
            self.takes.mkdir(parents=True, exist_ok=True)
            os.rename(binned, self.takes / take_id)
        take_out_of_bin(self._folder(self.takes, take_id), author)

    def _kept(self) -> list[TakeRow]:
        with Catalog(self.data) as catalog:
            catalog.refresh()
            return [*catalog.takes(), *catalog.takes(deleted=True)]

    def _in_bin(self) -> list[TakeRow]:
        """Takes that the station moved there; they do not change any more."""
        found = {path.parent.name: path.parent for path in self.bin.glob(f"*/{TAKE}")}
        known = {name: self._binned.get(name) for name in found}
        self._binned = {name: row or index_take(found[name]) for name, row in known.items()}
        return list(self._binned.values())

    def _folder(self, parent: Path, take_id: str) -> Path:
        folder = parent / checked_id(take_id)
        if not folder.is_dir():
            raise NoSuchTake(take_id)
        return folder

    def _row(self, row: TakeRow, parent: Path, deleted: bool) -> Row:
        known = self._labelled.get(row.take_id)
        if known is None or known[0] != row.label_mark:
            known = (row.label_mark, _labelled(parent / row.take_id, row.frames))
            self._labelled[row.take_id] = known
        return {**_plain(row), **known[1], "deleted": deleted}


def _plain(row: TakeRow) -> Row:
    names = ("task", "instruction", "operator", "created", "duration_s", "dropped")
    names += ("interrupted", "damaged", "success", "review", "masks", "revision", "simulated")
    return {"id": row.take_id, **{name: getattr(row, name) for name in names}}


def _labelled(folder: Path, frames: int) -> Row:
    """How much of the take has a mask of its target, and how sure these are on average."""
    try:
        said = Labels.open(folder).snapshot
    except TeachloopError:
        return {"labelled": 0.0, "confidence": None, "targets": []}
    sure = _confidences(said)
    return {
        "labelled": min(1.0, len(sure) / frames) if frames else 0.0,
        "confidence": sum(sure) / len(sure) if sure else None,
        "targets": list(said.targets),
    }


def _confidences(said: Snapshot) -> list[float]:
    """Of each frame that has a mask of a target; of any object where no target is named."""
    wanted = said.targets
    places: dict[tuple[str, int], float] = {}
    for (camera, frame, name), record in said.masks.items():
        if name in wanted or not wanted:
            places[camera, frame] = record.confidence
    return list(places.values())
