"""What stands against exporting takes, before anything is written: of each, why nothing of it could
be, and what may harm whoever learns from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...runtime.errors import TeachloopError
from ..catalog import Catalog
from ..catalog_rows import TakeRow
from ..quality.copies import copies, copy_of
from ..quality.task_findings import judged
from .take_export import TakeOptions, require_fit

ENDED = {False: "It failed.", None: "Nobody judged whether it succeeded."}


@dataclass(frozen=True, slots=True)
class TakeReadiness:
    """Of one take."""

    take: str
    refused: str
    """Why nothing of it would be written; empty where it would."""
    odd: tuple[str, ...]
    """What may harm whoever learns from it."""

    @property
    def ready(self) -> bool:
        return not self.refused and not self.odd


def readiness(data: Path, take_ids: Sequence[str], options: TakeOptions) -> Iterator[TakeReadiness]:
    """Of each, as one data set with the first that fits. Raises MissingLibraries, NoFaceFinder."""
    odd, like = _odd(data), ""
    for take_id in dict.fromkeys(take_ids):
        refused = ""
        try:
            require_fit(data, like or take_id, take_id, options)
        except TeachloopError as error:
            refused = str(error)
        like = like or ("" if refused else take_id)
        yield TakeReadiness(take_id, refused, odd.get(take_id, ()))


def _odd(data: Path) -> dict[str, tuple[str, ...]]:
    with Catalog(data) as catalog:
        catalog.refresh()
        rows = catalog.takes(deleted=None)
    found, again = judged(rows), copies(rows)
    return {row.take_id: (*_ended(row), *found[row.take_id], *_copy(row, again)) for row in rows}


def _ended(row: TakeRow) -> Iterator[str]:
    if row.success in ENDED:
        yield ENDED[row.success]


def _copy(row: TakeRow, first: Mapping[str, str]) -> Iterator[str]:
    if row.take_id in first:
        yield copy_of(first[row.take_id])
