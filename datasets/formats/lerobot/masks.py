"""What LeRobot has no place for: masks, in a table of their own beside ``data`` and ``videos``."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from ...takes.reader import Take
from ..episodes.episode import Episode
from ..episodes.masks import mask_rows
from .plan import LeRobotPlan

COLUMNS: dict[str, pa.DataType] = {
    "episode_index": pa.int64(),
    "frame_index": pa.int64(),
    "camera": pa.string(),
    "object": pa.string(),
    "target": pa.bool_(),  # of the instruction
    "height": pa.int64(),
    "width": pa.int64(),
    "counts": pa.string(),  # COCO's compressed run lengths
    "source": pa.string(),
    "confidence": pa.float64(),
    "locked": pa.bool_(),
}
SCHEMA = pa.schema([*COLUMNS.items()])
PIECE = pa.schema([*COLUMNS.items()][1:])  # of one take, whose number nobody knows yet


def write_masks(path: Path, episode: Episode, take: Take, plan: LeRobotPlan) -> None:
    """Those of one take, see ``mask_rows``. Raises Unfit."""
    rows = mask_rows(episode, take, plan.sizes)
    parquet.write_table(pa.Table.from_pylist(rows, PIECE), path)


def numbered(path: Path, episode: int) -> pa.Table:
    """The masks of a take as those of an episode."""
    table = parquet.read_table(path, schema=PIECE)
    number = pa.array(np.full(len(table), episode), pa.int64())
    return table.add_column(0, "episode_index", number)
