"""Which takes can be learned from, where nobody chose any."""

from pathlib import Path

from ...datasets.catalog import Catalog
from ...datasets.catalog_rows import TakeRow
from ...runtime.errors import TeachloopError


class NoUsableTake(TeachloopError):
    def __init__(self, data: Path) -> None:
        super().__init__(f"{data} has no labelled take. Record and label one first.")


def usable_takes(data: Path, masks: bool = True) -> list[str]:
    """Ids of all takes that are whole, were neither binned nor a failure, and have ``masks``
    where they are needed. Raises NoUsableTake."""
    with Catalog(data) as catalog:
        catalog.refresh()
        found = sorted(row.take_id for row in catalog.takes() if _usable(row, masks))
    if not found:
        raise NoUsableTake(data)
    return found


def _usable(row: TakeRow, masks: bool) -> bool:
    labelled = bool(row.masks) or not masks
    return labelled and not row.damaged and row.success is not False
