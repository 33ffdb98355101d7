"""The numbers of an episode, out of the Parquet file in which they lie."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
from numpy.typing import NDArray

from ..imported.episode import EpisodeRefused
from .dataset import Listed, in_words

MOST_BYTES = 400 << 20  # of the wanted columns, unpacked, before those of an episode are chosen
MOST_STEPS = 100_000
WIDEST = 1000  # numbers of a column
EPISODE = "episode_index"


def read_table(listed: Listed, names: Sequence[str]) -> pa.Table:
    """Rows of an episode, as many as it is long. Raises EpisodeRefused."""
    if not 2 <= listed.length <= MOST_STEPS:
        raise EpisodeRefused(f"It has {listed.length} steps; 2 to {MOST_STEPS} may be.")
    try:
        _require_small(listed.rows, names)
        wanted = [*dict.fromkeys([*names, EPISODE])]
        chosen = [(EPISODE, "=", listed.index)]
        table = parquet.read_table(listed.rows, columns=wanted, filters=chosen)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise _refused(listed.rows, error) from error
    if table.num_rows != listed.length:
        raise EpisodeRefused(
            f"{listed.rows.name} has {table.num_rows} rows of it, and the list of episodes tells "
            f"{listed.length}."
        )
    return table


def numbers(table: pa.Table, name: str) -> NDArray[np.float64]:
    """A column (T, n). Raises EpisodeRefused."""
    try:
        column = table.column(name).combine_chunks()
        rows = len(column)
        kind = column.type
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            values, begins = column.flatten(), np.asarray(column.offsets)
            if len({*np.diff(begins).tolist()}) > 1:
                raise ValueError("its rows differ in length")
        else:
            values = column.flatten() if pa.types.is_fixed_size_list(kind) else column
        found = np.asarray(values.to_numpy(zero_copy_only=False), np.float64)
    except (KeyError, ValueError, TypeError, AttributeError, pa.ArrowException) as error:
        raise EpisodeRefused(
            f"Its column {name!r:.60} holds no numbers: {in_words(error)}."
        ) from error
    if len(found) % rows or len(found) > rows * WIDEST or not np.isfinite(found).all():
        raise EpisodeRefused(f"Its column {name!r:.60} is not of finite numbers at each step.")
    return found.reshape(rows, -1)


def _require_small(path: Path, names: Sequence[str]) -> None:
    if not path.is_file():
        raise ValueError("it is no file")
    with parquet.ParquetFile(path) as file:
        groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
        columns = [group.column(at) for group in groups for at in range(group.num_columns)]
        wanted = tuple(f"{name}." for name in (*names, EPISODE))
        needed = [each for each in columns if f"{each.path_in_schema}.".startswith(wanted)]
        size = sum(each.total_uncompressed_size for each in needed)
    if size > MOST_BYTES:
        raise ValueError(f"{size >> 20} MiB are too many")


def _refused(path: Path, error: Exception) -> EpisodeRefused:
    return EpisodeRefused(f"{path.name} cannot be read: {' '.join(in_words(error).split())}.")
