"""All takes as the pages list them: the catalog's rows, numbered."""

import threading
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import OperationalError

from ...datasets.catalog import IN_MEMORY, Catalog
from ...datasets.catalog_rows import TakeRow
from ...datasets.quality.copies import copies, copy_of
from ...datasets.quality.task_findings import judged
from ...runtime.errors import TeachloopError
from ...runtime.validation import StrictModel


class ListedTake(StrictModel):
    """One take in the list."""

    id: str
    number: int  # counted in the order in which takes were recorded
    pictures: bool  # without a robot
    task: str
    instruction: str
    operator: str
    taught_by: str
    replay_of: str  # a take's id, or ""
    source: str  # where it came from that was not recorded here; "" where it was
    assumed: list[str]  # what its source does not tell and was taken for granted
    created: str
    duration_s: float
    cameras: list[str]
    dropped: int  # frames
    interrupted: str  # why; "" where it was not
    damaged: str
    success: bool | None
    partly: bool  # it failed, and did a part of its task
    review: str
    reviewed_by: str
    reviewed: str  # when
    comment: str
    masks: int
    labelled: float  # share of the frames that have a mask of a target
    confidence: float | None  # 0 … 1, the mean of these masks; None without one
    targets: tuple[str, ...]
    subtasks: tuple[str, ...]  # what its parts are called, in their order
    revision: int
    simulated: bool
    deleted: bool
    tags: tuple[str, ...]
    note: str
    trimmed: bool  # whether a part of it alone counts
    findings: tuple[str, ...]  # sentences on what is odd about it

    @classmethod
    def of(cls, row: TakeRow, number: int, findings: tuple[str, ...]) -> "ListedTake":
        return cls(
            id=row.take_id,
            number=number,
            pictures=row.kind == "pictures",
            task=row.task,
            instruction=row.instruction,
            operator=row.operator,
            taught_by=row.taught_by,
            replay_of=row.replay_of,
            source=row.source,
            assumed=row.assumed,
            created=row.created,
            duration_s=row.duration_s,
            cameras=row.cameras,
            dropped=row.dropped,
            interrupted=row.interrupted,
            damaged=row.damaged,
            success=row.success,
            partly=row.partly,
            review=row.review,
            reviewed_by=row.reviewed_by,
            reviewed=row.reviewed,
            comment=row.comment,
            masks=row.masks,
            labelled=row.labelled,
            confidence=row.confidence,
            targets=tuple(row.targets),
            subtasks=tuple(filter(None, row.subtasks)),
            revision=row.revision,
            simulated=row.simulated,
            deleted=row.deleted,
            tags=tuple(row.tags),
            note=row.note,
            trimmed=row.trimmed,
            findings=findings,
        )


class TakeList:
    """Safe to use from several threads, of which one looks for changes at a time."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock = threading.Lock()

    def rows(self) -> list[ListedTake]:
        """Finished takes, in the bin or not, the newest first."""
        rows = self.catalogued()
        number = {row.take_id: len(rows) - place for place, row in enumerate(rows)}
        found, of = judged(rows), copies(rows)
        again = {take: (copy_of(str(number[first])),) for take, first in of.items()}
        return [
            ListedTake.of(
                row, number[row.take_id], (*found[row.take_id], *again.get(row.take_id, ()))
            )
            for row in rows
        ]

    def catalogued(self) -> Sequence[TakeRow]:
        """What the catalog tells of the same."""
        with self._lock:
            return self._indexed()

    def _indexed(self) -> Sequence[TakeRow]:
        try:
            return _rows(Catalog(self._data))
        except (OperationalError, TeachloopError):  # a full disk, or one that may not be written
            return _rows(Catalog(self._data, IN_MEMORY))


def _rows(opening: Catalog) -> Sequence[TakeRow]:
    with opening as catalog:
        catalog.refresh()
        return catalog.takes(deleted=None)
