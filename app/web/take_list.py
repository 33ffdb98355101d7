"""All takes in one list, the newest first: the catalog's rows, and how well each is labelled."""

import os
import threading
from pathlib import Path

from ...datasets.catalog import Catalog, TakeRow, index_take
from ...datasets.errors import NoSuchTake
from ...datasets.labels.edits import Snapshot
from ...datasets.labels.labels import Labels
from ...datasets.takes.take_folder import TAKE, TAKES
from ...datasets.takes.trash import put_in_bin, take_out_of_bin
from ...runtime.errors import TeachloopError
from ...runtime.ids import checked_id
from ...runtime.validation import StrictModel


class Labelled(StrictModel):
    """How much of a take has a mask of its target, and how sure these are on average."""

    labelled: float = 0.0  # share of the frames
    confidence: float | None = None  # 0 … 1; None without a mask
    targets: tuple[str, ...] = ()


class ListedTake(Labelled):
    """One take in the list."""

    id: str
    number: int  # counted in the order in which takes were recorded
    task: str
    instruction: str
    operator: str
    created: str
    duration_s: float
    cameras: list[str]
    dropped: int  # frames
    interrupted: str  # why; "" where it was not
    damaged: str
    success: bool | None
    review: str
    masks: int
    revision: int
    simulated: bool
    deleted: bool


class TakeList:
    """Safe to use from several threads."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.takes = data / TAKES
        self.bin = data / "bin" / TAKES
        self._lock = threading.Lock()
        self._labelled: dict[str, tuple[str, Labelled]] = {}
        self._binned: dict[str, TakeRow] = {}

    def rows(self) -> list[ListedTake]:
        """Finished takes, the newest first."""
        with self._lock:
            found = [(row, self.takes, row.deleted) for row in self._kept()]
            found += [(row, self.bin, True) for row in self._in_bin()]
            found.sort(key=lambda each: each[0].take_id)
            rows = [self._row(*each, number) for number, each in enumerate(found, start=1)]
        return rows[::-1]

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

    def _row(self, row: TakeRow, parent: Path, deleted: bool, number: int) -> ListedTake:
        known = self._labelled.get(row.take_id)
        if known is None or known[0] != row.label_mark:
            known = (row.label_mark, _labelled(parent / row.take_id, row.frames))
            self._labelled[row.take_id] = known
        return ListedTake(
            id=row.take_id,
            number=number,
            task=row.task,
            instruction=row.instruction,
            operator=row.operator,
            created=row.created,
            duration_s=row.duration_s,
            cameras=row.cameras.splitlines(),
            dropped=row.dropped,
            interrupted=row.interrupted,
            damaged=row.damaged,
            success=row.success,
            review=row.review,
            masks=row.masks,
            revision=row.revision,
            simulated=row.simulated,
            deleted=deleted,
            **dict(known[1]),
        )


def _labelled(folder: Path, frames: int) -> Labelled:
    try:
        said = Labels.open(folder).snapshot
    except TeachloopError:
        return Labelled()
    sure = _confidences(said)
    return Labelled(
        labelled=min(1.0, len(sure) / frames) if frames else 0.0,
        confidence=sum(sure) / len(sure) if sure else None,
        targets=said.targets,
    )


def _confidences(said: Snapshot) -> list[float]:
    """Of each frame that has a mask of a target; of any object where no target is named."""
    wanted = said.targets
    places: dict[tuple[str, int], float] = {}
    for (camera, frame, name), record in said.masks.items():
        if name in wanted or not wanted:
            places[camera, frame] = record.confidence
    return list(places.values())
