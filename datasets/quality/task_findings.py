"""What is odd about each take of a data folder, beside the others of its task."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ..catalog_rows import TakeRow, measures_of
from .findings import Usual, findings
from .measures import TakeMeasures


def judged(rows: Sequence[TakeRow]) -> Mapping[str, tuple[str, ...]]:
    """Take id -> sentences. What is usual, the kept takes of a task tell that did not fail."""
    known = {row.take_id: measures_of(row) for row in rows}
    of_task: dict[tuple[str, bool], list[TakeMeasures]] = defaultdict(list)
    for row in rows:
        measures = known[row.take_id]
        if measures is not None and not row.deleted and row.success is not False:
            of_task[row.task, row.simulated].append(measures)
    usual = {task: Usual.of(takes) for task, takes in of_task.items()}
    return {
        row.take_id: _sentences(known[row.take_id], usual.get((row.task, row.simulated)))
        for row in rows
    }


def _sentences(measures: TakeMeasures | None, usual: Usual | None) -> tuple[str, ...]:
    return tuple(each.text for each in findings(measures, usual)) if measures is not None else ()
