"""Which takes can be learned from, where nobody chose any; and how those that are ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...datasets.catalog import Catalog
from ...datasets.catalog_rows import TakeRow
from ...runtime.errors import TeachloopError

Ending = Literal["failed", "unjudged"]


@dataclass(frozen=True, slots=True)
class Endings:
    """How many takes did not succeed, as far as anybody said."""

    failed: int = 0
    unjudged: int = 0

    @classmethod
    def of(cls, rows: Collection[TakeRow]) -> "Endings":
        ended = [ending(row) for row in rows]
        return cls(ended.count("failed"), ended.count("unjudged"))

    def __str__(self) -> str:
        failed = f"{self.failed} that failed" if self.failed else ""
        unjudged = f"{self.unjudged} that nobody judged" if self.unjudged else ""
        return " and ".join(filter(None, (failed, unjudged)))


class NoUsableTake(TeachloopError):
    def __init__(self, data: Path, left_out: Endings) -> None:
        others = (
            f"Left out are {left_out}: say of those that succeeded that they did, or choose them."
        )
        hint = others if f"{left_out}" else "Record and label one first."
        super().__init__(f"{data} has no labelled take that succeeded. {hint}")


@dataclass(frozen=True, slots=True)
class UsableTakes:
    """Ids of takes, and what else could be learned from but was not asked for."""

    ids: tuple[str, ...]
    left_out: Endings


def usable_takes(
    data: Path,
    masks: bool = True,
    also: Collection[Ending] = (),
    by: Collection[str] = (),
) -> UsableTakes:
    """All takes of a robot that are whole, succeeded, were not binned, and have ``masks`` where
    they are needed. ``also``: endings that count beside success. ``by``: who drove the arm; anybody
    where nobody is named. Raises NoUsableTake."""
    rows = [row for row in _rows(data) if row.kind == "demonstration" and not row.damaged]
    driven = [row for row in rows if not by or row.taught_by in by]
    usable = [row for row in driven if row.masks or not masks]
    chosen = [row for row in usable if row.success or ending(row) in also]
    left_out = Endings.of([row for row in usable if row not in chosen])
    if not chosen:
        raise NoUsableTake(data, left_out)
    return UsableTakes(tuple(sorted(row.take_id for row in chosen)), left_out)


def endings_of(data: Path, take_ids: Sequence[str]) -> Endings:
    """How many of these takes did not succeed, as far as anybody said."""
    return Endings.of([row for row in _rows(data) if row.take_id in take_ids])


def ending(row: TakeRow) -> Ending | None:
    """None of a take that succeeded."""
    return None if row.success else "unjudged" if row.success is None else "failed"


def _rows(data: Path) -> Sequence[TakeRow]:
    with Catalog(data) as catalog:
        catalog.refresh()
        return catalog.takes()
